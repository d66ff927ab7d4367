"""Measures ours, neural-style-pt and PyTorch loops on one catalogue; started by compare.sh.

Every unit of work (one program on one batch of photos) is measured once, in turn with the other programs', and kept in
results.jsonl: begun again, the program goes on where it was. The report is made from that file and the images.
"""

import argparse
import json
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from safetensors.torch import load_file

from . import images
from .contestants import HOME, Case, Loop, NeuralStyle, Ours, Setting, default_knobs, same_knobs, tuned_knobs
from .score import scores

CONTESTANTS = {
    contestant.name: contestant
    for contestant in (
        NeuralStyle("neural-style-pt-2x1", 2, 1, "avg"),
        NeuralStyle("neural-style-pt-1x2", 1, 2, "avg"),
        NeuralStyle("neural-style-pt-2x1-max", 2, 1, "max"),
        NeuralStyle("neural-style-pt-adam-default-rate", 2, 1, "avg", ("-optimizer", "adam")),
        NeuralStyle("neural-style-pt-adam", 1, 1, "avg", ("-optimizer", "adam", "-learning_rate", "10")),
        Ours("ours-bf16", "bfloat16", tuned_knobs),
        Ours("ours-fp32", "float32", tuned_knobs),
        Ours("ours-same-objective-bf16", "bfloat16", same_knobs),
        Ours("ours-default-method-bf16", "bfloat16", default_knobs),
        NeuralStyle("neural-style-pt-one-core", 1, 1, "avg"),
        Ours("ours-bf16-one-core", "bfloat16", tuned_knobs, ("--master", "local[1]", "--")),
        Ours("ours-fp32-one-core", "float32", tuned_knobs, ("--master", "local[1]", "--")),
        Loop("adam", "float32"),
        Loop("adam", "bfloat16"),
        Loop("lbfgs", "float32"),
        Loop("lbfgs", "bfloat16"),
    )
}
REFERENCES = ("neural-style-pt-2x1", "neural-style-pt-one-core")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmark/compare.sh", description="Measures this program against neural-style-pt and PyTorch loops.")
    parser.add_argument("--neural-style-pt", type=Path, required=True, metavar="DIR", help="a checkout of github.com/ProGamerGov/neural-style-pt")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="where weights, images and results go")
    parser.add_argument("--weights", type=Path, required=True, help="VGG19 in safetensors, torchvision's names")
    parser.add_argument("--photos", type=Path, nargs="+", default=[HOME / f"sample-data/content/{name}.jpg" for name in ("kitten", "lake", "pier", "singapore")], help="each is taken whole and by its middle (default: four of sample-data)")
    parser.add_argument("--style", type=Path, default=HOME / "sample-data/style/starry_night.jpg")
    parser.add_argument("--cases", default="256x50,256x200,512x50", help="size x evaluations of neural-style-pt (default: %(default)s)")
    parser.add_argument("--contestants", default=",".join(CONTESTANTS), help="of %(default)s")
    parser.add_argument("--repetitions", type=int, default=4, help="batches of each that are measured (default: %(default)s: with two photos a batch, the whole catalogue once)")
    parser.add_argument("--launcher", default="", help="a command that every unit is started through: taskset, a queue")
    parser.add_argument("--launcher-untimed", default="", help="the same, for work whose time does not count")
    parser.add_argument("--rest", action="store_true", help="make the images of batches beyond --repetitions too, unmeasured, so that all photos are scored")
    parser.add_argument("--report-only", action="store_true", help="measure nothing")
    return parser.parse_args()


class Comparison:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.work = options.work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.results = self.work / "results.jsonl"
        self.contestants = [CONTESTANTS[name] for name in options.contestants.split(",")]
        self.cases = [Case(*map(int, text.split("x"))) for text in options.cases.split(",")]

    def rows(self) -> list[dict]:
        return [json.loads(line) for line in self.results.read_text().splitlines()] if self.results.exists() else []

    def setting(self, case: Case) -> Setting:
        photos, style = images.catalogue(self.options.photos, self.options.style, case.side, self.work / f"{case.side}px")
        manifest = self.work / f"{case.side}px" / "manifest.parquet"
        if not manifest.exists():
            self.say("manifest of", case.side, "px")
            command = [HOME / "submit.sh", "sweep", "--content", *photos, "--style", style, "--grid", f"image_size={case.side}", "--output", manifest]
            subprocess.run([*shlex.split(self.options.launcher_untimed), *map(str, command)], check=True, stdout=subprocess.DEVNULL)
        dictionary = self.options.weights.resolve().with_suffix(".pth")
        return Setting(self.options.neural_style_pt.resolve(), self.options.weights.resolve(), dictionary, self.work, photos, style)

    def measure(self, case: Case) -> None:
        setting = self.setting(case)
        done = {(row["case"], row["contestant"], row["batch"]) for row in self.rows()}
        longest = max(len(contestant.batches(setting, case)) for contestant in self.contestants)
        for batch in range(longest):
            timed = batch < self.options.repetitions
            for contestant in self.contestants:  # in turn, so that a machine that drifts drifts for all
                batches = contestant.batches(setting, case)
                if batch >= len(batches) or (case.name, contestant.name, batch) in done or not (timed or self.options.rest):
                    continue
                if not timed and isinstance(contestant, Ours) and batch > 0:  # they are all the same
                    continue
                self.unit(setting, case, contestant, batch, batches[batch], timed)

    def unit(self, setting: Setting, case: Case, contestant, batch: int, photos: list[Path], timed: bool) -> None:
        folder = self.work / case.name / contestant.name / (f"run{batch}" if isinstance(contestant, Ours) else "")
        shutil.rmtree(folder / "output", ignore_errors=True)  # of a unit that was cut off: a run goes on where it stopped
        folder.mkdir(parents=True, exist_ok=True)
        plan, result = folder / f"plan{batch}.json", folder / f"unit{batch}.json"
        plan.write_text(json.dumps(contestant.plan(setting, case, photos, folder)))
        launcher = self.options.launcher if timed else self.options.launcher_untimed
        command = [*shlex.split(launcher), sys.executable, "-m", "comparison.unit", str(result), str(plan)]
        if subprocess.run(command, check=False).returncode != 0:
            self.say("failed:", case.name, contestant.name, batch, "(see", f"{result}.0.log)")
            return
        contestant.collect(photos, folder)
        pairs = [(photo, folder / photo.name) for photo in photos]
        row = {
            "case": case.name,
            "contestant": contestant.name,
            "batch": batch,
            "timed": timed,
            "images": len(photos),
            **json.loads(result.read_text()),
            "scores": dict(zip((photo.stem for photo in photos), scores(load_file(setting.weights), contestant.pooling, setting.style, pairs))),
        }
        with self.results.open("a") as out:
            out.write(json.dumps(row) + "\n")
        self.say(case.name, contestant.name, batch, f"{row['seconds']:.1f} s")

    @staticmethod
    def say(*words) -> None:
        print(*words, file=sys.stderr, flush=True)


def cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    bfloat16 = any("avx512_bf16" in line for line in lines)
    return f"{len(names)} cores of {names[0] if names else platform.processor()}{', AVX512-BF16' if bfloat16 else ''}"


def report(comparison: Comparison) -> str:
    rows, text = comparison.rows(), [f"Machine: {cpu()}", ""]
    for case in comparison.cases:
        mine = [row for row in rows if row["case"] == case.name]
        text += [f"### {case.side} px, {case.evaluations} evaluations of neural-style-pt", "", *speeds(mine), "", *qualities(mine), ""]
    return "\n".join(text)


def speeds(rows: list[dict]) -> list[str]:
    """Images an hour: median, least and most of the batches."""
    lines = ["| program | batches | images an hour: median | least .. most | of neural-style-pt's best |", "|---|---|---|---|---|"]
    measured = {}
    for row in rows:
        if row["timed"]:
            measured.setdefault(row["contestant"], []).append(3600 * row["images"] / row["seconds"])
    best = max((statistics.median(measured[name]) for name in ("neural-style-pt-2x1", "neural-style-pt-1x2", "neural-style-pt-one-core") if name in measured), default=float("nan"))
    for name in CONTESTANTS:
        if name in measured:
            speed = measured[name]
            median = statistics.median(speed)
            lines.append(f"| {name} | {len(speed)} | {median:.0f} | {min(speed):.0f} .. {max(speed):.0f} | {median / best:.2f} |")
    return lines


def qualities(rows: list[dict]) -> list[str]:
    """Each photo's terms over neural-style-pt's own: the largest of the catalogue, which every photo keeps below, and the median."""
    by_name = {}
    for row in rows:
        by_name.setdefault(row["contestant"], {}).update(row["scores"])
    reference = {}
    for name in REFERENCES:
        reference = by_name.get(name, {}) | reference
    if not reference:
        return []
    lines = ["| program | photos | content: median, most | style | total | photos at most 1.05, 1.05, 1.00 |", "|---|---|---|---|---|---|"]
    for name in CONTESTANTS:
        if name not in by_name or name.endswith("max"):
            continue
        photos = [photo for photo in by_name[name] if photo in reference]
        if not photos:
            continue
        ratios = {term: [by_name[name][photo][term] / reference[photo][term] for photo in photos] for term in ("content", "style", "total")}
        kept = sum(c <= 1.05 and s <= 1.05 and t <= 1 for c, s, t in zip(*ratios.values()))
        cells = " | ".join(f"{statistics.median(values):.2f}, {max(values):.2f}" for values in ratios.values())
        lines.append(f"| {name} | {len(photos)} | {cells} | {kept} of {len(photos)} |")
    return lines


def main() -> None:
    comparison = Comparison(arguments())
    if not comparison.options.report_only:
        for case in comparison.cases:
            comparison.measure(case)
    table = report(comparison)
    (comparison.work / "report.md").write_text(table)
    print(table)


if __name__ == "__main__":
    main()
