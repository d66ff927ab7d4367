"""Draws the objective of the saved images against the time that they took: python -m comparison.against_time WORK TARGET.svg

WORK is compare.sh's folder. There is one panel for each size, with one line for each program and one point for each
budget: the geometric mean over the pairs. Thin lines show the single pairs.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import geometric_mean

import matplotlib

from .report import rate, speeds, totals

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "nst"  # the same file for the same numbers
matplotlib.rcParams["svg.fonttype"] = "none"
import matplotlib.pyplot as pyplot  # noqa: E402

COLOURS = {"neural-style-pt": "tab:orange", "ours": "tab:blue", "balanced": "tab:green", "loop-lbfgs-bfloat16": "tab:gray", "loop-adam-bfloat16": "tab:purple"}


def lines(rows: list[dict], side: int) -> dict:
    """Returns program -> [(seconds for each image, pair -> total)], one point for each budget."""
    found = defaultdict(list)
    for program in {row["program"] for row in rows if row["side"] == side}:
        family = program.rsplit("-", 1)[0] if program[-1].isdigit() else program
        if family in COLOURS and speeds(rows, side, program):
            found[family].append((3600 / rate(rows, side, program), totals(rows, side, program)))
    return {family: sorted(points, key=lambda point: point[0]) for family, points in found.items()}


def draw(rows: list[dict], target: Path) -> None:
    sides = sorted({row["side"] for row in rows})
    figure, axes = pyplot.subplots(1, len(sides), figsize=(6.5 * len(sides), 5), squeeze=False)
    for axis, side in zip(axes[0], sides):
        for family, points in sorted(lines(rows, side).items()):
            seconds = [second for second, _ in points]
            for pair in sorted(points[0][1]):
                values = [made.get(pair) for _, made in points]
                if None not in values:
                    axis.plot(seconds, values, "-", color=COLOURS[family], alpha=0.15, lw=0.8)
            axis.plot(seconds, [geometric_mean(made.values()) for _, made in points], "-o", color=COLOURS[family], label=family)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(f"{side} px")
        axis.set_xlabel("seconds an image, two at a time")
        axis.set_ylabel("neural-style-pt's objective of the saved image")
        axis.grid(True, which="both", alpha=0.25)
        axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    work, target = sys.argv[1:]
    draw([json.loads(line) for line in (Path(work) / "results.jsonl").read_text().splitlines()], Path(target))


if __name__ == "__main__":
    main()
