"""Trains the fixtures' style networks for a few steps, and records the losses, the first gradient and two pictures."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch

from .cases import Case
from .images import read
from .knobs import Knobs
from .objective import Objective, Style
from .style_network import StyleNetwork, fixture_parameters, shapes_of
from .trajectory import WEIGHTS_SEED, Runner, decoded, encoded, rounded

LONGEST_GRADIENT = 10.0
STEPS = 3
TERMS = ("content", "style", "tv", "total")


@dataclass(frozen=True)
class Sample:
    """The top left part of a photo, and the look that it gets. One of the sizes is no multiple of 4."""

    photo: str
    width: int
    height: int
    look: int


KNOBS = {
    "backbone": "vgg16",
    "size_rule": "content",  # paintings keep their sizes
    "content_layers": "relu2_2:1",
    "style_layers": "relu1_1:0.5,relu2_1:0.5",
}


@dataclass(frozen=True)
class TrainingCase:
    name: str  # full or separable
    learning_rate: float
    knobs: dict[str, str]
    preset: str = "balanced"
    width: int = 2
    residual_blocks: int = 2
    looks: tuple[str, ...] = ("swirl-32x40.png", "mosaic-40x32.png")
    samples: tuple[Sample, ...] = (
        Sample("content-40x32-1.png", 37, 29, 0),
        Sample("content-64x48.png", 64, 48, 1),
    )
    blend: tuple[float, ...] = (0.25, 0.75)  # of the recorded pictures, which are of the first sample


# With a larger style weight, some gradients are longer than LONGEST_GRADIENT and others shorter.
TRAININGS = (
    TrainingCase("full", 0.001, KNOBS),
    TrainingCase("separable", 0.002, {**KNOBS, "style_weight": "8"}),
)


def newton_schulz(matrix: torch.Tensor) -> torch.Tensor:
    """Five steps of the odd polynomial 3.4445 x - 4.775 x^3 + 2.0315 x^5 on the singular values, of Frobenius norm 1 before."""
    a = matrix / (torch.linalg.matrix_norm(matrix) + 1e-7)
    for _ in range(5):
        cube = a @ a.mT @ a
        a = 3.4445 * a - 4.775 * cube + 2.0315 * a @ a.mT @ cube
    return a


class MuonAndAdam:
    """Muon (Jordan et al. 2024, with Nesterov's momentum) for filters of all channels with more than 3 outputs; Adam for the rest.

    Muon's learning rate is 20 times that of Adam, and larger if a filter has more outputs than inputs.
    """

    RATE, MOMENTUM = 20.0, 0.95

    def __init__(self, parameters: list[torch.Tensor], learning_rate: float):
        muon = [x for x in parameters if x.ndim == 4 and x.shape[0] > 3 and x.shape[1] > 1]
        self.muon = [(x, torch.zeros_like(x)) for x in muon]
        self.learning_rate = learning_rate
        self.adam = Adam([x for x in parameters if all(x is not y for y in muon)], learning_rate)

    @torch.no_grad()
    def step(self) -> None:
        for x, momentum in self.muon:
            momentum.copy_(self.MOMENTUM * momentum + x.grad)
            direction = newton_schulz((x.grad + self.MOMENTUM * momentum).flatten(1))
            stretch = math.sqrt(max(1.0, direction.shape[0] / direction.shape[1]))
            x.sub_(self.RATE * self.learning_rate * stretch * direction.reshape(x.shape))
            x.grad = None
        self.adam.step()


class Adam:
    """Kingma & Ba 2015, with the order of computation at the end of section 2: epsilon is added before the correction of v.

    torch.optim.Adam adds it after the correction. Where a gradient is not much larger than epsilon, the steps differ.
    """

    def __init__(self, parameters: list[torch.Tensor], learning_rate: float):
        self.parameters, self.learning_rate, self.steps = parameters, learning_rate, 0
        self.m = [torch.zeros_like(value) for value in parameters]
        self.v = [torch.zeros_like(value) for value in parameters]

    @torch.no_grad()
    def step(self, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        self.steps += 1
        rate = self.learning_rate * math.sqrt(1 - beta2**self.steps) / (1 - beta1**self.steps)
        for x, m, v in zip(self.parameters, self.m, self.v):
            m.copy_(beta1 * m + (1 - beta1) * x.grad)
            v.copy_(beta2 * v + (1 - beta2) * x.grad**2)
            x.sub_(rate * m / (v.sqrt() + epsilon))
            x.grad = None


class Training:
    def __init__(self, case: TrainingCase, runner: Runner, dtype: torch.dtype):
        self.case, self.dtype = case, dtype
        separable = case.name == "separable"
        shapes = shapes_of(case.width, case.residual_blocks, separable, len(case.looks))
        parameters = fixture_parameters(shapes, WEIGHTS_SEED, dtype)
        self.parameters = {name: value.requires_grad_() for name, value in parameters.items()}
        self.network = StyleNetwork(self.parameters, case.residual_blocks, separable)
        knobs = Knobs(case.preset, case.knobs)
        backbone = runner.network(Case(case.name, case.preset, {}, network="embedded"), knobs, dtype)
        paintings = [read(runner.folder / look, dtype) for look in case.looks]
        self.photos = [
            read(runner.folder / s.photo, dtype)[:, : s.height, : s.width] for s in case.samples
        ]
        self.objectives = [
            Objective(knobs, backbone, photo, [Style(paintings[sample.look], 1.0, None, None)])
            for sample, photo in zip(case.samples, self.photos)
        ]

    def one_hot(self, look: int) -> torch.Tensor:
        return torch.eye(len(self.case.looks), dtype=self.dtype)[look]

    def picture(self) -> torch.Tensor:
        with torch.no_grad():
            blend = torch.tensor(self.case.blend, dtype=self.dtype)
            return self.network.picture(self.photos[0], blend).clamp(0, 1)

    def result(self) -> dict:
        optimizer = MuonAndAdam(list(self.parameters.values()), self.case.learning_rate)
        before, gradient, steps = self.picture(), {}, []
        for _ in range(STEPS):
            terms = []
            for sample, photo, objective in zip(self.case.samples, self.photos, self.objectives):
                picture = self.network.picture(photo, self.one_hot(sample.look))
                losses = objective.losses(picture, 0)
                (losses.total / len(self.case.samples)).backward()
                terms.append({term: getattr(losses, term).item() for term in TERMS})
            if not gradient:
                gradient = {name: value.grad.clone() for name, value in self.parameters.items()}
            norm = torch.nn.utils.clip_grad_norm_(self.parameters.values(), LONGEST_GRADIENT)
            optimizer.step()
            steps.append({"samples": terms, "gradient_norm": norm.item()})
        return {
            "picture": encoded(before),
            "gradient": {name: encoded(value) for name, value in gradient.items()},
            "steps": steps,
            "picture_after": encoded(self.picture()),
        }


def training_json(case: TrainingCase, runner: Runner) -> dict:
    return rounded(
        {
            "preset": case.preset,
            "knobs": case.knobs,
            "convolution": case.name,
            "width": case.width,
            "residual_blocks": case.residual_blocks,
            "weights_seed": WEIGHTS_SEED,
            "looks": list(case.looks),
            "samples": [vars(sample) for sample in case.samples],
            "blend": list(case.blend),
            "learning_rate": case.learning_rate,
            **Training(case, runner, torch.float64).result(),
        }
    )


def file_of(case: TrainingCase, runner: Runner) -> Path:
    return runner.folder / "training" / f"{case.name}.json"


def regenerate_training(case: TrainingCase, runner: Runner) -> None:
    path = file_of(case, runner)
    path.parent.mkdir(exist_ok=True)
    value = training_json(case, runner)
    path.write_text(json.dumps(value, indent=1) + "\n")
    norms = ", ".join(f"{step['gradient_norm']:.3g}" for step in value["steps"])
    print(f"training/{case.name}: gradient norms {norms}", flush=True)


def faults_of_training(case: TrainingCase, runner: Runner, tolerance: float) -> list[str]:
    path = file_of(case, runner)
    if not path.exists():
        return ["no reference"]
    return differences(json.loads(path.read_text()), training_json(case, runner), tolerance, "")


def differences(committed, today, tolerance: float, place: str) -> list[str]:
    """Compares two values of the same form; pictures and gradients relative to their largest value."""
    if isinstance(committed, dict) and isinstance(today, dict) and committed.keys() == today.keys():
        pairs = [(key, committed[key], today[key]) for key in committed]
    elif isinstance(committed, list) and isinstance(today, list) and len(committed) == len(today):
        pairs = [(index, one, other) for index, (one, other) in enumerate(zip(committed, today))]
    elif isinstance(committed, float) and isinstance(today, float):
        gap = abs(today - committed) / (abs(committed) or 1.0)
        return [] if gap <= tolerance else [f"{place} differs by {gap:.1e}"]
    elif place.startswith(("/picture", "/gradient/")):
        one, other = decoded(committed), decoded(today)
        gap = ((one - other).abs().max() / max(one.abs().max(), tolerance)).item()
        return [] if gap <= 10 * tolerance else [f"{place} differs by {gap:.1e}"]
    else:
        return [] if committed == today else [f"{place} is {today}, not {committed}"]
    return [
        fault for key, one, other in pairs for fault in differences(one, other, tolerance, f"{place}/{key}")
    ]
