"""Measures nst, neural-style-pt and PyTorch loops on the same pairs; started by compare.sh.

Every unit of work (one program on one batch of pairs) is measured once and stored in results.jsonl. If it is started again, the
program continues where it stopped. The report is made from that file.
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import images
from .contestants import EMBEDDED, HOME, STATE_DICTIONARY, Loop, NeuralStyle, Ours, Pair, Setting, manifest
from .export import export
from .report import NOT_REACHED, headline, reached, report
from .score import Scorer

PICTURES = HOME / "benchmark" / "pictures"
SMALL = (2, 1)  # photos and paintings without --whole

DESCRIPTION = """Compares this program with neural-style-pt on the objective of neural-style-pt with its weights (content 5, style 100, total
variation 1e-3) and the same trained VGG16. Every photo is combined with every painting. nst runs with increasing numbers of steps, without tuning
for a photo or a painting. The rates are compared at the first number at which its saved images have no higher total."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmark/compare.sh", description=DESCRIPTION)
    parser.add_argument("--neural-style-pt", type=Path, required=True, metavar="DIR", help="a checkout of github.com/ProGamerGov/neural-style-pt")
    parser.add_argument("--work", type=Path, default=HOME / "target" / "comparison", metavar="DIR", help="folder for weights, images and results (default: target/comparison)")
    parser.add_argument("--weights", type=Path, default=EMBEDDED, metavar="FILE", help="VGG16 in safetensors, torchvision's names, Caffe's activation scale (default: the one in the jar)")
    parser.add_argument("--photos", type=Path, nargs="+", default=[PICTURES / "photos"], help="files and folders (default: benchmark/pictures/photos)")
    parser.add_argument("--paintings", type=Path, nargs="+", default=[PICTURES / "paintings"], help="files and folders (default: benchmark/pictures/paintings)")
    parser.add_argument("--whole", action="store_true", help="all photos with all paintings; otherwise the first two photos with the first painting")
    parser.add_argument("--cases", default="256x50,256x200,512x50", help="size x evaluations of neural-style-pt (default: %(default)s)")
    parser.add_argument("--steps-256", default="8,12,16,20,26,34,44,60", help="steps of nst at 256 px, tried in order until they are enough (default: %(default)s)")
    parser.add_argument("--steps-512", default="6,8,12,16,24,36", help="the same at other sizes (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=2, help="how often the rates of all programs are measured, in turn (default: %(default)s)")
    parser.add_argument("--loops", action="store_true", help="also measure PyTorch loops")
    parser.add_argument("--launcher", default="", help="a command that starts each unit, such as taskset or a queue")
    parser.add_argument("--report-only", action="store_true", help="only write the report")
    return parser.parse_args()


@dataclass(frozen=True)
class Unit:
    """One program on one batch of pairs. Numbers above 0 are repetitions that measure only the time."""

    side: int
    program: NeuralStyle | Loop | Ours
    batch: int
    pairs: tuple[Pair, ...]
    number: int = 0

    @property
    def key(self) -> tuple:
        return self.side, self.program.name, self.batch, self.number


class Comparison:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.work = options.work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.results = self.work / "results.jsonl"
        if not (self.work / STATE_DICTIONARY).exists():
            export(options.weights, self.work / STATE_DICTIONARY)
        self.scorer = Scorer(self.work / STATE_DICTIONARY)
        self.cases: dict[int, list[int]] = {}  # side -> evaluations of neural-style-pt, the largest last
        for side, evaluations in sorted(tuple(map(int, text.split("x"))) for text in options.cases.split(",")):
            self.cases.setdefault(side, []).append(evaluations)
        self.first = next((side, several[0]) for side, several in self.cases.items())  # programs that are measured in one case only
        photos, paintings = images.files(options.photos), images.files(options.paintings)
        if not options.whole:
            photos, paintings = photos[: SMALL[0]], paintings[: SMALL[1]]
        self.settings = {side: self.setting(side, photos, paintings) for side in self.cases}

    def rows(self) -> list[dict]:
        return [json.loads(line) for line in self.results.read_text().splitlines()] if self.results.exists() else []

    def setting(self, side: int, photos: list[Path], paintings: list[Path]) -> Setting:
        folder = self.work / f"{side}px"
        setting = Setting(
            self.options.neural_style_pt.resolve(),
            self.options.weights.resolve(),
            self.work,
            side,
            images.prepared(photos, side, folder / "photos"),
            images.prepared(paintings, side, folder / "paintings"),
        )
        with manifest(setting).open("w", newline="") as table:
            csv.writer(table).writerows([("content", "style"), *((pair.photo, pair.painting) for pair in setting.pairs)])
        return setting

    def steps(self, side: int) -> list[int]:
        return list(map(int, (self.options.steps_256 if side == 256 else self.options.steps_512).split(",")))

    def curves(self) -> None:
        """Runs every pair with every program, alternating between programs, so that changes of the machine's speed affect all."""
        for side, setting in self.settings.items():
            most, on_the_way = self.cases[side][-1], self.cases[side][0]
            theirs = NeuralStyle(most, on_the_way if on_the_way < most else 0)
            batches = theirs.batches(setting)
            rungs = self.steps(side)
            for number, pairs in enumerate(batches):
                self.measure(Unit(side, theirs, number, tuple(pairs)))
                due = round(len(self.steps(side)) * (number + 1) / len(batches))
                while len(self.steps(side)) - len(rungs) < due and self.unreached(side):
                    self.measure(Unit(side, Ours.of_steps(rungs.pop(0)), 0, tuple(setting.pairs)))
            while rungs and self.unreached(side):
                self.measure(Unit(side, Ours.of_steps(rungs.pop(0)), 0, tuple(setting.pairs)))
            self.measure(Unit(side, Ours.balanced(), 0, tuple(setting.pairs)))

    def unreached(self, side: int) -> bool:
        """Whether a pair is still above neural-style-pt and more steps could change that."""
        firsts = [reached(self.rows(), side, evaluations) for evaluations in self.cases[side]]
        return any(steps == NOT_REACHED for first in firsts for steps in first.values())

    def rates(self) -> None:
        """Measures the programs at the compared budgets, in turn."""
        for number in range(1, self.options.repetitions + 1):
            for side, evaluations in ((side, evaluations) for side, several in self.cases.items() for evaluations in several):
                setting = self.settings[side]
                theirs = NeuralStyle(evaluations)
                batches = theirs.batches(setting)
                batch = (number - 1) % len(batches)
                self.measure(Unit(side, theirs, batch, tuple(batches[batch]), number))
                steps = headline(reached(self.rows(), side, evaluations))
                if steps:
                    self.measure(Unit(side, Ours.of_steps(steps), 0, tuple(setting.pairs), number))
                    if number == 1 and (side, evaluations) == self.first:
                        self.measure(Unit(side, Ours.of_steps(steps, "float32"), 0, tuple(setting.pairs)))
                if self.options.loops and (side, evaluations) == self.first:
                    for loop in (Loop("lbfgs", evaluations), Loop("adam", evaluations)):
                        batches = loop.batches(setting)
                        if number <= len(batches):
                            self.measure(Unit(side, loop, number - 1, tuple(batches[number - 1])))

    def measure(self, unit: Unit) -> None:
        if unit.key in {(row["side"], row["program"], row["batch"], row["number"]) for row in self.rows()}:
            return
        setting = self.settings[unit.side]
        folder = self.work / f"{unit.side}px" / unit.program.name / (f"again-{unit.number}" if unit.number else "")
        shutil.rmtree(folder / "output", ignore_errors=True)  # of a unit that was interrupted: a run continues where it stopped
        folder.mkdir(parents=True, exist_ok=True)
        plan, result = folder / f"plan{unit.batch}.json", folder / f"unit{unit.batch}.json"
        plan.write_text(json.dumps(unit.program.plan(setting, list(unit.pairs), folder)))
        command = [*self.options.launcher.split(), sys.executable, "-m", "comparison.unit", str(result), str(plan)]
        if subprocess.run(command, check=False).returncode != 0:
            sys.exit(f"failed: {unit.key}, see {result}.0.log")
        timing = json.loads(result.read_text())
        with self.results.open("a") as out:
            for name, made in unit.program.collect(list(unit.pairs), folder).items():
                row = {"side": unit.side, "program": name, "batch": unit.batch, "number": unit.number, "images": len(unit.pairs)}
                if name == unit.program.name:
                    row |= timing
                missing = [pair.name for pair in unit.pairs if pair not in made]
                if missing:
                    sys.exit(f"failed: {unit.key} made no image of {missing}")
                row["scores"] = {pair.name: self.scorer.terms(pair.photo, pair.painting, file) for pair, file in made.items()}
                out.write(json.dumps(row) + "\n")
        self.say(unit.side, "px", unit.program.name, "batch", unit.batch, f"{timing['seconds']:.1f} s")

    @staticmethod
    def say(*words) -> None:
        print(*words, file=sys.stderr, flush=True)


def main() -> None:
    comparison = Comparison(arguments())
    if not comparison.options.report_only:
        comparison.curves()
        comparison.rates()
    text = report(comparison.rows(), comparison.cases)
    (comparison.work / "report.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
