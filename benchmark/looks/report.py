"""Prints the results: python -m looks.report --help."""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

NUMBERS = ("style", "strokes", "content", "detail", "frame", "grain", "colour_noise", "flat")
CHOICE = "four-zeros-cw0.05"
MOST = 1.2
Pair = tuple[str, str]
# Chosen on the tuning pairs, before the held-out pairs were ranked.
SCORE = "strokes + detail / 2"
SUMS: dict[str, Callable[[dict], float]] = {
    SCORE: lambda s: s["strokes"] + s["detail"] / 2,
    "style + content": lambda s: s["style"] + s["content"],
    **{name: (lambda s, name=name: s[name]) for name in NUMBERS},
}


class Results:
    def __init__(self, folders: list[Path]):
        # {(split, size): {label@steps: {pair: scores}}}
        self.scores: dict = defaultdict(lambda: defaultdict(dict))
        for folder in folders:
            for line in (folder / "results.jsonl").open():
                row = json.loads(line)
                name = f"{row['label']}@{row['steps']}"
                pair = (row["photo"], row["painting"])
                self.scores[row["split"], row["size"]][name].setdefault(pair, row["scores"])

    def of(self, split: str, size: int, name: str) -> dict[Pair, dict]:
        return self.scores[split, size].get(name, {})

    def common(self, split: str, size: int) -> set[Pair]:
        """Returns the pairs with images of the first plan after 30 steps."""
        return set(self.of(split, size, "cw0.05@30"))


def mean(values) -> float:
    values = list(values)
    return sum(values) / len(values)


def settings(results: Results, split: str, size: int, pairs: set[Pair]) -> None:
    """Returns a row for each setting that has all pairs, best first."""
    rows = []
    for name, by_pair in results.scores[split, size].items():
        if pairs and pairs <= set(by_pair):
            of = [by_pair[pair] for pair in pairs]
            frames = [s["frame"] for s in of]
            rows.append((mean(map(SUMS[SCORE], of)), name, [mean(s[n] for s in of) for n in NUMBERS], max(frames), sum(f > MOST for f in frames)))
    print(f"\n{split}, {size} px, {len(pairs)} pairs, means\n")
    print(f"| setting@steps | {' | '.join(NUMBERS)} | {SCORE} | largest frame | frames above {MOST} |")
    print("|---" * (len(NUMBERS) + 4) + "|")
    for score, name, numbers, largest, above in sorted(rows):
        print(f"| {name} | {' | '.join(f'{n:.3f}' for n in numbers)} | {score:.3f} | {largest:.2f} | {above} |")


def ranks(values: list[float]) -> list[float]:
    return [sum(other < value for other in values) + (sum(other == value for other in values) - 1) / 2 for value in values]


def spearman(values: list[float]) -> float:
    """Returns the rank correlation of the values with the ranking by eye."""
    middle = (len(values) - 1) / 2
    theirs = [rank - middle for rank in ranks(values)]
    ours = [index - middle for index in range(len(values))]
    length = sum(a * a for a in ours) ** 0.5 * sum(b * b for b in theirs) ** 0.5
    return sum(a * b for a, b in zip(ours, theirs)) / length


def agreement(results: Results, eye: dict) -> None:
    print("\nAgreement with the eye, 512 px, seven settings of each pair: mean Spearman, and the share of twos in the eye's order\n")
    print("| number | " + " | ".join(f"{split}: Spearman | twos" for split in eye) + " |")
    print("|---" * (1 + 2 * len(eye)) + "|")
    for name, number in SUMS.items():
        cells = []
        for split, pairs in eye.items():
            lists = [
                [number(results.of(split, 512, f"{label}@30")[tuple(pair.split("--"))]) for label in labels]
                for pair, labels in pairs.items()
            ]
            twos = [a < b for values in lists for a, b in combinations(values, 2)]
            cells += [f"{mean(map(spearman, lists)):.2f}", f"{mean(twos):.2f}"]
        print(f"| {name} | {' | '.join(cells)} |")
    for split, pairs in eye.items():
        places = defaultdict(list)
        for labels in pairs.values():
            for place, label in enumerate(labels, 1):
                places[label].append(place)
        ordered = sorted(places.items(), key=lambda item: mean(item[1]))
        print(f"\nThe eye's mean place, {split}, {len(pairs)} pairs: " + ", ".join(f"{label} {mean(of):.1f}" for label, of in ordered))


def frames(results: Results, label: str) -> None:
    print(f"\nFrame numbers of {label}\n")
    print("| pairs | size | pictures | mean | largest | above 1.2 |\n|---|---|---|---|---|---|")
    above = []
    for (split, size), names in sorted(results.scores.items()):
        by_pair = names.get(label, {})
        if not by_pair:
            continue
        values = [s["frame"] for s in by_pair.values()]
        print(f"| {split} | {size} | {len(values)} | {mean(values):.2f} | {max(values):.2f} | {sum(v > MOST for v in values)} |")
        photo, start = (names.get(f"{name}@0", {}) for name in ("photo", "recolored"))
        above += [
            (split, size, *pair, s["frame"], *(of[pair]["frame"] if pair in of else float("nan") for of in (photo, start)))
            for pair, s in by_pair.items()
            if s["frame"] > MOST
        ]
    print(f"\nAbove {MOST}:\n\n| pairs | size | photo | painting | frame | the photo's own | the recoloured photo's |\n|---|---|---|---|---|---|---|")
    for split, size, photo, painting, *numbers in above:
        print(f"| {split} | {size} | {photo} | {painting} | " + " | ".join(f"{n:.2f}" for n in numbers) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh report",
        description="Prints the tables of docs/algorithm.md from the results of `grid`: every setting's mean scores, how far the scores agree"
        " with the rankings by eye of looks/eye.json, and the frame numbers of one setting.",
    )
    parser.add_argument("results", type=Path, nargs="+", help="folders with results.jsonl, written by `grid`")
    parser.add_argument("--setting", default=f"{CHOICE}@30", help="the setting whose frame numbers are printed (default: %(default)s)")
    parser.add_argument("--no-settings", action="store_true", help="leave out the long tables of all settings")
    options = parser.parse_args()
    results = Results(options.results)
    if not options.no_settings:
        for split in ("tune", "held"):
            for size in (512, 256):
                settings(results, split, size, results.common(split, size))
        for split in ("tune", "held"):
            for size in (512, 256):
                everything = set(results.of(split, size, options.setting))
                if everything != results.common(split, size):
                    settings(results, split, size, everything)
    eye = json.loads((Path(__file__).parent / "eye.json").read_text())
    if all(results.of(split, 512, f"{label}@30") for split, pairs in eye.items() for labels in pairs.values() for label in labels):
        agreement(results, eye)
    frames(results, options.setting)


if __name__ == "__main__":
    main()
