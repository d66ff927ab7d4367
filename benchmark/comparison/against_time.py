"""Draws the objective of the saved images against the time that they took: python -m comparison.against_time WORK TARGET.svg

WORK is compare.sh's folder. One panel a size, one line a program, one point for each of neural-style-pt's budgets that the program was measured at.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import geometric_mean, median

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "nst"  # the same file for the same numbers
matplotlib.rcParams["svg.fonttype"] = "none"
import matplotlib.pyplot as pyplot  # noqa: E402


def points(rows: list[dict]) -> dict:
    """(size, program) -> [(seconds an image, geometric mean of the photos' totals)], a point a case; only of programs that made every photo."""
    seconds, totals = defaultdict(list), defaultdict(dict)
    for row in rows:
        if row["timed"]:
            seconds[row["case"], row["contestant"]].append(row["seconds"] / row["images"])
        totals[row["case"], row["contestant"]].update({photo: terms["total"] for photo, terms in row["scores"].items()})
    photos = {case: max(len(made) for (other, _), made in totals.items() if other == case) for case, _ in totals}
    lines = defaultdict(list)
    for (case, program), took in sorted(seconds.items()):
        made = totals[case, program]
        if len(made) == photos[case] and not program.endswith("max"):
            lines[int(case.split("px")[0]), program].append((median(took), geometric_mean(made.values())))
    return {key: sorted(line) for key, line in lines.items()}


def draw(lines: dict, target: Path) -> None:
    sizes = sorted({size for size, _ in lines})
    programs = sorted({program for _, program in lines})
    figure, axes = pyplot.subplots(1, len(sizes), figsize=(6.5 * len(sizes), 5), squeeze=False)
    for axis, size in zip(axes[0], sizes):
        for number, program in enumerate(programs):
            if (size, program) in lines:
                marker = "s" if program.startswith("ours") else "o"
                axis.plot(*zip(*lines[size, program]), "-", marker=marker, color=pyplot.cm.tab20(number % 20), label=program)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_title(f"{size} px")
        axis.set_xlabel("seconds an image")
        axis.set_ylabel("neural-style-pt's objective of the saved image")
        axis.grid(True, which="both", alpha=0.25)
        axis.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    work, target = sys.argv[1:]
    draw(points([json.loads(line) for line in (Path(work) / "results.jsonl").read_text().splitlines()]), Path(target))


if __name__ == "__main__":
    main()
