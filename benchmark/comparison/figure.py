"""Draws what `submit.sh benchmark optimisers` measured, and prints it as a table.

python -m comparison.figure OPTIMISERS.csv FIGURE.svg [SIZE=SECONDS ...]: the time of one evaluation at a size, measured on an idle machine.
"""

import csv
import sys
from collections import defaultdict
from statistics import geometric_mean

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "nst"  # the same file for the same numbers
matplotlib.rcParams["svg.fonttype"] = "none"
import matplotlib.pyplot as pyplot  # noqa: E402

TERMS = ("total", "content", "style")


def means(rows: list[dict]) -> dict:
    """(size, method) -> [(cost, total, content, style)], geometric means over the pairs, for the budgets that all pairs have."""
    groups = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[int(row["size"]), row["method"]][int(row["budget"])].append(row)
    pairs = {size: len({row["pair"] for row in rows if int(row["size"]) == size}) for size, _ in groups}
    curves = {}
    for (size, method), budgets in groups.items():
        whole = {budget: members for budget, members in sorted(budgets.items()) if len(members) == pairs[size]}
        curves[size, method] = [
            (sum(float(row["cost"]) for row in members) / len(members), *(geometric_mean(float(row[term]) for row in members) for term in TERMS))
            for members in whole.values()
        ]
    return curves


def draw(curves: dict, seconds: dict, target: str) -> None:
    sizes = sorted({size for size, _ in curves})
    methods = list(dict.fromkeys(method for _, method in curves))
    figure, axes = pyplot.subplots(len(sizes), len(TERMS), figsize=(13, 4.4 * len(sizes)), squeeze=False)
    colours = {method: pyplot.cm.tab20(i % 20) for i, method in enumerate(methods)}
    for row, size in enumerate(sizes):
        for column, term in enumerate(TERMS):
            axis = axes[row][column]
            for method in methods:
                points = curves.get((size, method), [])
                if points:
                    style = "--" if method.startswith("adam") else "-"
                    axis.plot([p[0] for p in points], [p[1 + column] for p in points], style, marker="o", ms=3, color=colours[method], label=method)
            axis.set_yscale("log")
            axis.set_title(f"{size} px: {term}")
            axis.set_xlabel("cost in evaluations at full size")
            if size in seconds:
                top = axis.secondary_xaxis("top", functions=(lambda x, s=seconds[size]: x * s, lambda x, s=seconds[size]: x / s))
                top.set_xlabel("s on one core", fontsize=8)
            axis.grid(True, which="both", alpha=0.25)
    axes[0][0].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(target, metadata={"Date": None})


def table(curves: dict) -> str:
    lines = ["| size | method | " + " | ".join(("cost", *TERMS)) + " |", "|---|---|---|---|---|---|"]
    for (size, method), points in curves.items():
        for point in points:
            lines.append(f"| {size} | {method} | {point[0]:.1f} | " + " | ".join(f"{value:.4f}" for value in point[1:]) + " |")
    return "\n".join(lines)


def main() -> None:
    source, target, *rest = sys.argv[1:]
    with open(source) as file:
        curves = means(list(csv.DictReader(file)))
    draw(curves, {int(size): float(value) for size, value in (text.split("=") for text in rest)}, target)
    print(table(curves))


if __name__ == "__main__":
    main()
