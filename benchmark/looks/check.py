"""Compares looks.method with oracle/reference: python -m looks.check --help."""

import argparse
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

HOME = Path(__file__).parents[2]
sys.path.insert(0, str(HOME / "oracle"))

from reference.cases import Case, StyleCase  # noqa: E402
from reference.images import resized  # noqa: E402
from reference.sizes import Size  # noqa: E402
from reference.trajectory import Runner  # noqa: E402

from . import method, pictures  # noqa: E402
from .method import Knobs, Library, Task, run  # noqa: E402
from .pictures import read  # noqa: E402

VARIANTS = {
    "balanced": {},
    "content": {"init": "content", "content_weight": 0.03},
    "plain": {"tv_weight": 0.0, "style_scale": 1.5},
    "layers": {"style_layers": (("relu1_1", 0.4), ("relu2_1", 0.3), ("relu3_1", 0.2), ("relu4_1", 0.1), ("relu5_1", 0.0))},
}
SHARED = [
    {},
    {"pooling": "max", "padding": "zeros", "gram": "per_element", "smallest_size": 0},
    {"tv_term": "d2l", "first_move": 0.1, "scale_ratio": 1.4142135623730951, "coarse_share": 0.7},
]


def of_the_oracle(images: torch.Tensor, shape) -> torch.Tensor:
    theirs = resized(images, Size(shape[1], shape[0]))
    gap = (theirs - pictures.resized(images, shape)).abs().max().item()
    if gap > 1e-6:
        sys.exit(f"resampling is off by {gap}")
    return theirs


def main() -> None:
    method.resized = of_the_oracle
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh check",
        description="Compares this program with oracle/reference in float64. The oracle runs each pair alone, this program all in one batch, each"
        " with weights of its own; every loss of every iterate is compared. Resampling is the oracle's here and compared by itself: Pillow"
        " rounds to float32, looks.pictures does not, and ten iterates make a hundredth of that.",
    )
    parser.add_argument("weights", help="VGG16's convolutions, safetensors")
    parser.add_argument("files", nargs="+", metavar="PHOTO PAINTING", help="all photos must have the same shape")
    options = parser.parse_args()
    weights, files = options.weights, options.files
    pairs = list(zip(files[::2], files[1::2]))
    weights = {name: value.double() for name, value in load_file(weights).items()}
    library = Library(weights, {name: read(name) for name in set(files)}, "cpu")
    runner = Runner(Path("/"))
    runner.weights["vgg16", torch.float64] = weights
    base = {"image_size": 64, "num_iterations": 8, "smallest_size": 32, "precision": "float64"}
    worst = 0.0
    for shared in SHARED:
        tasks = [
            Task(str(Path(photo).resolve()), str(Path(painting).resolve()), name, Knobs(**{**base, **shared, **own}))
            for photo, painting in pairs
            for name, own in VARIANTS.items()
        ]
        library.pictures.update({str(Path(f).resolve()): library.pictures[f] for f in files})
        ours = []
        run(library, tasks, lambda shape, terms: ours.append(terms))
        for index, task in enumerate(tasks):
            knobs = {"backbone": "vgg16", **texts(task.knobs)}
            case = Case("looks", "balanced", knobs, task.photo[1:], (StyleCase(task.painting[1:]),))
            theirs = runner.run(case, torch.float64)["iterations"]
            gap = max(
                abs(mine[name][index].item() / row[name] - 1)
                for mine, row in zip(ours, theirs, strict=True)
                for name in ("content", "style", "tv", "total")
                if abs(row[name]) > 1e-9
            )
            worst = max(worst, gap)
            print(f"{task.label:9} {shared}: {len(theirs)} iterates, off by {gap:.1e} at most, total {theirs[-1]['total']:.4f}", flush=True)
    if worst > 1e-4:
        sys.exit(f"off by {worst}")


def texts(knobs: Knobs) -> dict[str, str]:
    names = (
        "content_weight", "style_weight", "tv_weight", "init", "style_scale", "image_size", "num_iterations", "pooling",
        "padding", "gram", "tv_term", "scale_ratio", "coarse_share", "first_move", "precision",
    )  # fmt: skip
    layers = lambda value: ",".join(f"{name}:{weight}" for name, weight in value)
    return {
        **{name: str(getattr(knobs, name)) for name in names},
        "smallest_size": str(int(knobs.smallest_size)),
        "lbfgs_history": str(knobs.history),
        "content_layers": layers(knobs.content_layers),
        "style_layers": layers(knobs.style_layers),
    }


if __name__ == "__main__":
    main()
