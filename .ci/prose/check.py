"""Checks the language of Markdown pages and plain texts: proselint, the phrases of phrases.txt, and the length of sentences.

Usage: check.py FILE...    prints FILE:LINE: message; ends with 1 if there is any.
"""

import re
import sys
from pathlib import Path

from proselint.checks import __register__
from proselint.config import DEFAULT
from proselint.registry import CheckRegistry
from proselint.tools import LintFile

MOST_WORDS = 40

# Disabled checks of proselint, with the reason.
OFF = {
    "typography": "the pages are ASCII: no curly quotes, no multiplication sign, no ellipsis character",
    "misc.phrasal_adjectives": "flags technical terms",
    "skunked_terms": "about disputed meanings, not about clarity",
    "lexical_illusions": "flags formulas (F F^T) and a heading before its first word; repeated words are checked here",
    "spelling.consistency": "API names are American (color, CenterCrop), the text is British",
    "misc.preferred_forms": "flags fragments of names and codes",
}

FENCE = re.compile(r"^\s*```")
TABLE_RULE = re.compile(r"^\|[-|: ]+\|$")
CODE = re.compile(r"``.+?``|`[^`]*`", re.S)
IMAGE = re.compile(r"!\[([^]]*)]\([^)]*\)")
LINK = re.compile(r"\[([^]]+)]\([^)]*\)")
URL = re.compile(r"\bhttps?://\S+")
COMMENT = re.compile(r"<!--.*?-->", re.S)
NEW_BLOCK = re.compile(r"^\s*(#+ |[-*] |\d+\. |\|)")
ABBREVIATION = re.compile(r"\b(e\.g|i\.e|eq|Fig|No|vs|J|St)\.$")
REPEATED = re.compile(r"\b([a-z]{2,}) \1\b")
SENTENCE_END = re.compile(r"[.?!][)\"*]*(?=\s+[\"(*]*(?:[A-Z0-9]|b?float\d|nst\b|neural-style|libtorch|cuDNN|oneDNN|pandas|glibc|axe-core))")


def prose(text: str, markdown: bool) -> list[str]:
    """Returns the lines of the text without code, table rules and addresses."""
    if not markdown:
        return text.splitlines()
    keep_lines = lambda match: "\n" * match.group(0).count("\n")
    text = COMMENT.sub(keep_lines, text)
    lines, fenced = [], False
    for line in text.split("\n"):
        if FENCE.match(line):
            fenced = not fenced
            lines.append("")
        elif fenced or line.startswith("    ") or TABLE_RULE.match(line):
            lines.append("")
        else:
            lines.append(line)
    text = "\n".join(lines)
    text = CODE.sub(lambda match: "X" + keep_lines(match), text)
    text = IMAGE.sub(r"\1", text)
    text = LINK.sub(lambda match: "X" if re.search(r"/|\.\w+$", match.group(1)) else match.group(1), text)
    return URL.sub("X", text).split("\n")


def blocks(lines: list[str]) -> list[tuple[int, str]]:
    """Returns paragraphs, list items and table rows, each as the number of its first line and its text in one line."""
    found: list[tuple[int, str]] = []
    open_block = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            open_block = False
        elif open_block and not NEW_BLOCK.match(line):
            found[-1] = (found[-1][0], found[-1][1] + " " + line.strip())
        else:
            found.append((number, line.strip()))
            open_block = not re.match(r"\s*(#|\|)", line)
    return found


def sentences(block: str) -> list[str]:
    """A full stop or a colon before a list ends a sentence."""
    parts, start = [], 0
    for match in SENTENCE_END.finditer(block):
        if not ABBREVIATION.search(block[: match.start() + 1]):
            parts.append(block[start : match.end()])
            start = match.end()
    return [*parts, block[start:]]


def phrases() -> list[tuple[re.Pattern[str], str]]:
    found = []
    for line in (Path(__file__).parent / "phrases.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            expression, advice = line.split(" => ")
            found.append((re.compile(expression, re.I), advice))
    return found


def problems(name: str, text: str) -> list[tuple[int, str]]:
    markdown = name.endswith(".md")
    lines = prose(text, markdown)
    found = []
    for number, block in blocks(lines):
        for expression, advice in PHRASES:
            for match in expression.finditer(block):
                found.append((number, f'"{match.group(0)}": {advice}'))
        for match in REPEATED.finditer(block):
            found.append((number, f'"{match.group(0)}": a word twice'))
        if not markdown or block.startswith(("|", "#")):
            continue  # cells and options are not sentences
        for sentence in sentences(block):
            words = len(re.findall(r"[A-Za-z][A-Za-z'-]+", sentence))  # not numbers or symbols of formulas
            if words > MOST_WORDS:
                found.append((number, f"a sentence of {words} words, at most {MOST_WORDS}: {sentence.strip()[:60]} ..."))
            first = re.match(r"[-*\s]*(Who|Whoever|What) (?!.*\?$)", sentence)
            if first and re.search(r"[.!]$", sentence.strip()):
                found.append((number, f'a statement that begins with "{first.group(1)}": begin with a noun'))
    linted = LintFile(name, "\n".join(lines)).lint({"max_errors": 1000, "checks": CHECKS})
    for error in linted:
        result = error.check_result
        found.append((error.pos[0] - 1, f"{result.check_path}: {result.message}"))
    return sorted(set(found))


PHRASES = phrases()
CHECKS = {**dict.fromkeys(OFF, False), **{name: on for name, on in DEFAULT["checks"].items() if name not in OFF}}


def main(files: list[str]) -> int:
    CheckRegistry().register_many(__register__)
    count = 0
    for file in files:
        for line, message in problems(file, Path(file).read_text(encoding="utf-8")):
            print(f"{file}:{line}: {message}")
            count += 1
    print(f"prose: {count} problems in {len(files)} files")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
