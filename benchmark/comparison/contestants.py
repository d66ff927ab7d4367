"""The programs that are measured, and their commands."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]

# The network of all programs: the one in our jar.
EMBEDDED = HOME / "src/main/resources/nst/engine/network/vgg16.safetensors"

# The allocator keeps large tensors between evaluations, for all programs (docs/performance.md).
ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000"}

# neural-style-pt's objective and weights as knobs. Its total variation is in 0..255, ours in 0..1: 1e-3 * 255.
OBJECTIVE = {
    "preset": "gatys",
    "optimize_in": "pixels",
    "pooling": "average",
    "content_weight": "5",
    "style_weight": "100",
    "style_layers": "relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,relu5_1:1",
    "tv_term": "absolute",
    "tv_weight": "0.255",
}

# Our method to minimise it, the same for every photo, painting, size and budget.
METHOD = {
    "init": "recolored",
    "bounds": "sigmoid",
    "line_search": "armijo",
    "lbfgs_history": "30",
    "first_move": "0.2",
}


@dataclass(frozen=True)
class Pair:
    """A photo and a painting of the working size, PNG files."""

    photo: Path
    painting: Path

    @property
    def name(self) -> str:
        return f"{self.photo.stem}--{self.painting.stem}"


@dataclass
class Setting:
    """The settings that all programs share."""

    neural_style: Path
    weights: Path  # safetensors
    work: Path  # has STATE_DICTIONARY
    side: int
    photos: list[Path]
    paintings: list[Path]

    @property
    def pairs(self) -> list[Pair]:
        return [Pair(photo, painting) for painting in self.paintings for photo in self.photos]


# neural-style-pt recognises networks by the path of the file. It is started in the folder of the file, because a 19
    # in the name of the folder would select VGG19.
STATE_DICTIONARY = "vgg16.pth"


def environment(threads: int) -> dict:
    return ALLOCATOR | {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "PASSIVE", "PYTHONPATH": os.pathsep.join([str(HOME / "benchmark"), os.environ.get("PYTHONPATH", "")])}


class NeuralStyle:
    """One process for each image, as users run it; two at a time with one thread each. The images after fewer evaluations are saved in between."""

    PROCESSES = 2

    def __init__(self, evaluations: int, on_the_way: int = 0):
        """On_the_way divides evaluations; with 0, nothing is saved before the end."""
        self.name, self.evaluations, self.on_the_way = f"neural-style-pt-{evaluations}", evaluations, on_the_way

    def batches(self, setting: Setting) -> list[list[Pair]]:
        return [setting.pairs[i : i + self.PROCESSES] for i in range(0, len(setting.pairs), self.PROCESSES)]

    def plan(self, setting: Setting, pairs: list[Pair], folder: Path) -> dict:
        commands = [
            [
                *(sys.executable, str(setting.neural_style / "neural_style.py"), "-gpu", "c", "-init", "image", "-pooling", "avg"),
                *("-content_image", str(pair.photo), "-style_image", str(pair.painting), "-image_size", str(setting.side)),
                *("-num_iterations", str(self.evaluations), "-save_iter", str(self.on_the_way), "-print_iter", "0"),
                *("-model_file", STATE_DICTIONARY, "-disable_check", "-output_image", str(folder / f"{pair.name}.png")),
            ]
            for pair in pairs
        ]
        return {"commands": commands, "folder": str(setting.work), "environment": environment(1)}

    def collect(self, pairs: list[Pair], folder: Path) -> dict:
        """Returns name of the program -> pair -> file."""
        made = {self.name: {pair: folder / f"{pair.name}.png" for pair in pairs}}
        if self.on_the_way:
            for evaluations in range(self.on_the_way, self.evaluations, self.on_the_way):
                made[f"neural-style-pt-{evaluations}"] = {pair: folder / f"{pair.name}_{evaluations}.png" for pair in pairs}
        return made


class Loop:
    """Runs two processes with one thread each, which share the pairs."""

    def __init__(self, optimizer: str, evaluations: int):
        self.name, self.optimizer, self.evaluations = f"loop-{optimizer}-bfloat16-{evaluations}", optimizer, evaluations

    def batches(self, setting: Setting) -> list[list[Pair]]:
        return [setting.pairs[i : i + 4] for i in range(0, len(setting.pairs), 4)]

    def plan(self, setting: Setting, pairs: list[Pair], folder: Path) -> dict:
        commands = []
        for share in (pairs[::2], pairs[1::2]):
            rows = [[str(pair.photo), str(pair.painting), str(folder / f"{pair.name}.png")] for pair in share]
            work = {"precision": "bfloat16", "optimizer": self.optimizer, "evaluations": self.evaluations, "rows": rows}
            commands.append([sys.executable, "-m", "comparison.loop", str(setting.work / STATE_DICTIONARY), json.dumps(work)])
        return {"commands": commands, "folder": str(HOME), "environment": environment(1)}

    def collect(self, pairs: list[Pair], folder: Path) -> dict:
        return {self.name: {pair: folder / f"{pair.name}.png" for pair in pairs}}


class Ours:
    """Runs nst on all pairs, with two tasks at a time."""

    def __init__(self, name: str, knobs: dict):
        self.name, self.knobs = name, knobs

    @staticmethod
    def of_steps(steps: int, precision: str = "auto") -> "Ours":
        name = f"ours-{steps}" if precision == "auto" else f"ours-{precision}-{steps}"
        return Ours(name, OBJECTIVE | METHOD | {"num_iterations": str(steps), "precision": precision})

    @staticmethod
    def balanced() -> "Ours":
        return Ours("balanced", {"preset": "balanced"})

    def batches(self, setting: Setting) -> list[list[Pair]]:
        return [setting.pairs]

    def plan(self, setting: Setting, pairs: list[Pair], folder: Path) -> dict:
        command = [str(HOME / "submit.sh"), "run", str(manifest(setting)), "--output", str(folder / "output")]
        if setting.weights != EMBEDDED:
            command += ["--weights", str(setting.weights)]
        for key, value in (self.knobs | {"image_size": str(setting.side)}).items():
            command += ["--set", f"{key}={value}"]
        return {"commands": [command], "folder": str(HOME), "environment": ALLOCATOR | {"NST_SKIP_BUILD": "1"}}

    def collect(self, pairs: list[Pair], folder: Path) -> dict:
        """Finds the image of each pair by the record in it, which has the file names of its inputs."""
        from PIL import Image

        by_names = {(pair.photo.name, pair.painting.name): pair for pair in pairs}
        made = {}
        for file in (folder / "output" / "images").rglob("*.png"):
            request = json.loads(Image.open(file).text["nst"])["request"]
            pair = by_names[request["content"].rsplit("/")[-1], request["styles"][0]["uri"].rsplit("/")[-1]]
            made[pair] = folder / f"{pair.name}.png"
            made[pair].write_bytes(file.read_bytes())
        return {self.name: made}


def manifest(setting: Setting) -> Path:
    return setting.work / f"{setting.side}px" / "manifest.csv"
