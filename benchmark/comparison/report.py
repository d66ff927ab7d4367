"""Makes the tables from results.jsonl."""

import math
import platform
import statistics
from pathlib import Path

NOT_REACHED = math.inf


def totals(rows: list[dict], side: int, program: str) -> dict[str, float]:
    """Returns pair -> total of the saved image, from the first measurement."""
    found = {}
    for row in rows:
        if (row["side"], row["program"]) == (side, program):
            for pair, terms in row["scores"].items():
                found.setdefault(pair, terms["total"])
    return found


def ladder(rows: list[dict], side: int) -> list[int]:
    """Returns nst's numbers of steps."""
    names = {row["program"] for row in rows if row["side"] == side}
    return sorted(int(name.removeprefix("ours-")) for name in names if name.removeprefix("ours-").isdigit())


def reached(rows: list[dict], side: int, evaluations: int) -> dict[str, float]:
    """pair -> the smallest number of steps whose saved image has no higher total than neural-style-pt's."""
    theirs = totals(rows, side, f"neural-style-pt-{evaluations}")
    first = dict.fromkeys(theirs, NOT_REACHED)
    for steps in reversed(ladder(rows, side)):
        for pair, total in totals(rows, side, f"ours-{steps}").items():
            if pair in theirs and total <= theirs[pair]:
                first[pair] = steps
    return first


def headline(first: dict[str, float]) -> int:
    """Returns the number of steps at which half of the pairs reach the total; 0 if they do not."""
    middle = statistics.median_high(first.values()) if first else NOT_REACHED
    return 0 if middle == NOT_REACHED else int(middle)


def speeds(rows: list[dict], side: int, program: str) -> list[float]:
    """Returns images per hour for each batch or run."""
    return [3600 * row["images"] / row["seconds"] for row in rows if (row["side"], row["program"]) == (side, program) and "seconds" in row]


def rate(rows: list[dict], side: int, program: str) -> float:
    return statistics.median(speeds(rows, side, program))


def case(rows: list[dict], side: int, evaluations: int) -> list[str]:
    name = f"neural-style-pt-{evaluations}"
    theirs, first = totals(rows, side, name), reached(rows, side, evaluations)
    if not theirs or not speeds(rows, side, name):
        return []
    own = rate(rows, side, name)
    ratios = sorted((rate(rows, side, f"ours-{steps}") / own if steps != NOT_REACHED else 0) for steps in first.values())
    never = sum(steps == NOT_REACHED for steps in first.values())
    half = headline(first)
    lines = [f"### {side} px, {evaluations} evaluations of neural-style-pt", ""]
    if half:
        worst = f"the worst {ratios[0]:.2f} times" if not never else f"{never} of {len(first)} do not get there in {ladder(rows, side)[-1]} steps"
        lines += [
            f"Ours first has no higher total after {half} steps in the median pair: {rate(rows, side, f'ours-{half}'):.0f} images an hour against "
            f"{own:.0f}. Each pair at its own steps: **{statistics.median(ratios):.2f} times** in the median, {worst}.",
            "",
        ]
    lines += [
        "| program | runs | images an hour: median | least .. most | of neural-style-pt | total over neural-style-pt's: median, most | content | style | pairs at or below |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    names = [name, *(f"ours-{steps}" for steps in ladder(rows, side))]
    names += sorted({row["program"] for row in rows if row["side"] == side and row["program"].startswith("ours-float32")})
    names += [f"loop-{optimizer}-bfloat16-{evaluations}" for optimizer in ("lbfgs", "adam")] + ["balanced"]
    for program in names:
        speed, made = speeds(rows, side, program), scores(rows, side, program)
        if not speed:
            continue
        ratio = {term: [made[pair][term] / scores(rows, side, name)[pair][term] for pair in made] for term in ("total", "content", "style")}
        cells = " | ".join(f"{statistics.median(values):.2f}, {max(values):.2f}" for values in ratio.values())
        below = f"{sum(value <= 1 for value in ratio['total'])} of {len(made)}"
        median = statistics.median(speed)
        lines.append(f"| {program} | {len(speed)} | {median:.0f} | {min(speed):.0f} .. {max(speed):.0f} | {median / own:.2f} | {cells} | {below} |")
    return [*lines, ""]


def scores(rows: list[dict], side: int, program: str) -> dict[str, dict]:
    """Returns pair -> terms of the saved image, from the first measurement."""
    found = {}
    for row in rows:
        if (row["side"], row["program"]) == (side, program):
            for pair, terms in row["scores"].items():
                found.setdefault(pair, terms)
    return found


def pairs(rows: list[dict], cases: list[tuple[int, int]]) -> list[str]:
    """Returns the budget and the ratio of each pair in each case."""
    lines = ["| pair | " + " | ".join(f"{side} px, {evaluations}: its total, our steps, times" for side, evaluations in cases) + " |", "|---" * (1 + len(cases)) + "|"]
    firsts = {(side, evaluations): reached(rows, side, evaluations) for side, evaluations in cases}
    for pair in sorted({pair for first in firsts.values() for pair in first}):
        cells = []
        for (side, evaluations), first in firsts.items():
            name = f"neural-style-pt-{evaluations}"
            steps = first.get(pair, NOT_REACHED)
            total = totals(rows, side, name).get(pair, math.nan)
            times = "not reached" if steps == NOT_REACHED else f"{steps}, {rate(rows, side, f'ours-{steps}') / rate(rows, side, name):.2f}"
            cells.append(f"{total:.0f}, {times}")
        lines.append(f"| {pair} | " + " | ".join(cells) + " |")
    return lines


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    features = [feature for flag, feature in (("avx512_bf16", "AVX512-BF16"), ("amx_bf16", "AMX")) if any(flag in line.split() for line in lines)]
    return f"{len(names)} cores of {', '.join([names[0] if names else platform.processor(), *features])}"


def report(rows: list[dict], cases: dict[int, list[int]]) -> str:
    flat = [(side, evaluations) for side, several in cases.items() for evaluations in several]
    text = [f"Machine: {machine()}", ""]
    for side, evaluations in flat:
        text += case(rows, side, evaluations)
    done = [(side, evaluations) for side, evaluations in flat if speeds(rows, side, f"neural-style-pt-{evaluations}")]
    return "\n".join(text + pairs(rows, done)) + "\n"
