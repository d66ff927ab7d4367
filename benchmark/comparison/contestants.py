"""Who is measured, and the commands that each is started with."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]

# Big tensors stay with the process between evaluations; for everybody (docs/performance.md).
ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000"}

# neural-style-pt's objective in our knobs. Its total variation is of 0..255, ours of 0..1: 1e-3 * 255.
SAME_OBJECTIVE = {
    "preset": "gatys",
    "input_space": "bgr_caffe",
    "pooling": "average",
    "content_weight": "5",
    "style_weight": "100",
    "style_layers": "relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,relu5_1:1",
    "tv_term": "absolute",
    "tv_weight": "0.255",
    "bounds": "sigmoid",
    "line_search": "armijo",
    "lbfgs_history": "15",
    "first_move": "0.2",
}

# How we minimise it: from the recoloured photo, half size first, with squares for total variation, which L-BFGS can
# follow, and weights that bring every term of the saved image below neural-style-pt's. relu5_1 is left out: it lies a fifth
# of the work below relu4_2, and its term follows the others'. Scored on neural-style-pt's objective all the same.
TUNED = SAME_OBJECTIVE | {
    "style_layers": "relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1",
    "tv_term": "squares",
    "init": "recolored",
    "lbfgs_history": "30",
    "scale_ratio": "2",
}


@dataclass
class Case:
    """A working size and neural-style-pt's budget."""

    side: int
    evaluations: int

    @property
    def name(self) -> str:
        return f"{self.side}px-{self.evaluations}"


@dataclass(frozen=True)
class Tuning:
    """Weights of the terms, steps, and their share at half size."""

    content: float
    style: float
    tv: float
    steps: int
    coarse: float


# For a size and neural-style-pt's budget. Other cases get those of the first.
CHOSEN = {(256, 50): Tuning(52, 610, 8.9, 24, 0.55), (256, 200): Tuning(32, 580, 9, 60, 0.45), (512, 50): Tuning(120, 720, 7, 16, 0.6)}


def tuned_knobs(case: Case) -> dict:
    tuning = CHOSEN.get((case.side, case.evaluations), CHOSEN[256, 50])
    return TUNED | {
        "content_weight": str(tuning.content),
        "style_weight": str(tuning.style),
        "tv_weight": str(tuning.tv),
        "num_iterations": str(tuning.steps),
        "coarse_share": str(tuning.coarse),
        "smallest_size": str(case.side // 2),
    }


def same_knobs(case: Case) -> dict:
    """The same objective from the same start at one size, at equal evaluations."""
    return SAME_OBJECTIVE | {"num_iterations": str(case.evaluations - 2)}


def default_knobs(case: Case) -> dict:
    """The same objective, optimised as the default preset does: its optimiser, its start and its pyramid."""
    return same_knobs(case) | {"init": "recolored", "smallest_size": "256", "scale_ratio": "2", "coarse_share": "0.5"}


@dataclass
class Setting:
    """What all contestants share."""

    neural_style: Path
    weights: Path
    state_dictionary: Path
    work: Path
    photos: list[Path]
    style: Path


def environment(threads: int) -> dict:
    return ALLOCATOR | {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE", "PYTHONPATH": os.pathsep.join([str(HOME / "benchmark"), os.environ.get("PYTHONPATH", "")])}


class NeuralStyle:
    """One process an image, as its users run it."""

    def __init__(self, name: str, processes: int, threads: int, pooling: str, options: tuple = ()):
        self.name, self.processes, self.threads, self.pooling, self.options = name, processes, threads, pooling, options

    def batches(self, setting: Setting, case: Case) -> list[list[Path]]:
        return [setting.photos[i : i + self.processes] for i in range(0, len(setting.photos), self.processes)]

    def plan(self, setting: Setting, case: Case, photos: list[Path], folder: Path) -> dict:
        commands = [
            [
                *(sys.executable, "neural_style.py", "-gpu", "c", "-init", "image", "-pooling", self.pooling),
                *("-content_image", str(photo), "-style_image", str(setting.style), "-image_size", str(case.side)),
                *("-num_iterations", str(case.evaluations), "-save_iter", "0", "-print_iter", "0"),
                *self.options,
                *("-model_file", str(setting.state_dictionary), "-disable_check", "-output_image", str(folder / photo.name)),
            ]
            for photo in photos
        ]
        return {"commands": commands, "folder": str(setting.neural_style), "environment": environment(self.threads)}

    def collect(self, photos: list[Path], folder: Path) -> None:
        """It has written them where they belong."""


class Loop:
    """Two processes of one thread, each with its share of the photos."""

    def __init__(self, optimizer: str, precision: str):
        self.name, self.optimizer, self.precision = f"loop-{optimizer}-{precision}", optimizer, precision
        self.pooling = "avg"

    def batches(self, setting: Setting, case: Case) -> list[list[Path]]:
        return [setting.photos[i : i + 4] for i in range(0, len(setting.photos), 4)]

    def plan(self, setting: Setting, case: Case, photos: list[Path], folder: Path) -> dict:
        commands = []
        for share in (photos[::2], photos[1::2]):
            work = {
                "pooling": self.pooling,
                "precision": self.precision,
                "optimizer": self.optimizer,
                "evaluations": case.evaluations,
                "pairs": [[str(photo), str(folder / photo.name)] for photo in share],
            }
            commands.append([sys.executable, "-m", "comparison.loop", str(setting.weights), str(setting.style), json.dumps(work)])
        return {"commands": commands, "folder": str(HOME), "environment": environment(1)}

    def collect(self, photos: list[Path], folder: Path) -> None:
        """It has written them where they belong."""


class Ours:
    """One run of the product over the whole catalogue."""

    pooling = "avg"

    def __init__(self, name: str, precision: str, knobs, spark_options: tuple = ()):
        self.name, self.precision, self.knobs, self.spark_options = name, precision, knobs, spark_options

    def batches(self, setting: Setting, case: Case) -> list[list[Path]]:
        return [setting.photos] * 3

    def plan(self, setting: Setting, case: Case, photos: list[Path], folder: Path) -> dict:
        knobs = self.knobs(case) | {"precision": self.precision, "image_size": str(case.side)}
        command = [str(HOME / "submit.sh"), *self.spark_options, "run", str(setting.photos[0].parent / "manifest.parquet"), "--output", str(folder / "output")]
        for key, value in knobs.items():
            command += ["--set", f"{key}={value}"]
        return {"commands": [command], "folder": str(HOME), "environment": ALLOCATOR | {"NST_SKIP_BUILD": "1"}}

    def collect(self, photos: list[Path], folder: Path) -> None:
        """Every image says in its own record which photo it was made from."""
        from PIL import Image

        for file in (folder / "output" / "images").rglob("*.png"):
            record = "".join(str(text) for text in Image.open(file).text.values())
            for photo in photos:
                if f"/{photo.name}" in record:
                    (folder / photo.name).write_bytes(file.read_bytes())
