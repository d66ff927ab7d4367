"""Runs a case and records what the objective is at every iterate."""

import base64
from pathlib import Path

import numpy as np
import torch

from .cases import Case
from .images import read, read_mask, recolored
from .knobs import Knobs
from .networks import fixture_weights, network
from .objective import Objective, Style
from .optimizers import Box, learning_rate, minimizer

# One thread: sums are taken in one order, and small maps gain nothing from more.
torch.set_num_threads(1)

WEIGHTS_SEED = 1
DIGITS = 12
JITTER = 1e-7


class Runner:
    def __init__(self, folder: Path):
        self.folder = folder
        self.weights: dict = {}

    def network(self, knobs: Knobs, dtype: torch.dtype):
        key = (knobs.text("backbone"), dtype)
        if key not in self.weights:
            self.weights[key] = fixture_weights(key[0], WEIGHTS_SEED, dtype)
        return network(key[0], self.weights[key], knobs.text("pooling"), knobs.text("padding"))

    def run(self, case: Case, dtype: torch.dtype, jitter: int = 0, until: int | None = None) -> dict:
        """{"iterations": [...], "gradient": (3 * H * W)} with one entry for every iterate, the start first.

        jitter, where not 0, seeds a disturbance of the start by about the rounding of float32.
        """
        knobs = Knobs(case.preset, case.knobs)
        content = read(self.folder / case.content, dtype)
        styles = [self.style(style, dtype) for style in case.styles]
        if knobs.text("original_colors") == "match":
            styles = [
                Style(recolored(s.image, content), s.weight, s.mask, s.style_mask) for s in styles
            ]
        objective = Objective(knobs, self.network(knobs, dtype), content, styles)
        start = objective.coordinates(self.start(knobs, content, styles, dtype))
        low = objective.coordinates(torch.zeros_like(content))
        high = objective.coordinates(torch.ones_like(content))
        if jitter:
            noise = torch.randn(start.shape, generator=torch.Generator().manual_seed(jitter))
            start = start * (1 + JITTER * noise.to(dtype))
        box = Box(knobs.text("bounds"), low, high)
        z = box.variable(start).requires_grad_()

        def evaluate(at: torch.Tensor, iteration: int):
            at = at.detach().requires_grad_()
            losses = objective.losses(box.image(at), iteration)
            (slope,) = torch.autograd.grad(losses.total, at)
            return losses, slope

        def gradient(at: torch.Tensor, iteration: int):
            losses, slope = evaluate(at, iteration)
            return losses.total.item(), slope

        steps = minimizer(z, gradient, knobs, box)
        iterations, first_gradient, average = [], None, None
        last = knobs.whole("num_iterations") if until is None else until
        for iteration in range(last + 1):
            rate = learning_rate(knobs, 0) if iteration == 0 else next(steps)
            losses, slope = evaluate(z, iteration)
            image = box.image(z.detach())
            decay = knobs.real("average_decay")
            average = image if average is None else decay * average + (1 - decay) * image
            saved = {"clamped_total": image, "averaged_total": average}
            with torch.no_grad():
                totals = {
                    key: objective.losses(box.clamp(saved[key]), iteration).total.item()
                    for key in case.saved
                }
            if first_gradient is None:
                first_gradient = slope.reshape(-1).to(torch.float64)
            iterations.append(
                {
                    "content": losses.content.item(),
                    "style": losses.style.item(),
                    "tv": losses.tv.item(),
                    "total": losses.total.item(),
                    **totals,
                    "gradient_norm": slope.norm().item(),
                    "learning_rate": rate,
                    "style_by_layer": {k: v.item() for k, v in losses.style_by_layer.items()},
                }
            )
        return {"iterations": iterations, "gradient": first_gradient}

    def style(self, style, dtype: torch.dtype) -> Style:
        def mask(name: str):
            return read_mask(self.folder / name, dtype) if name else None

        image = read(self.folder / style.image, dtype)
        return Style(image, style.weight, mask(style.mask), mask(style.style_mask))

    def start(self, knobs: Knobs, content, styles, dtype):
        match knobs.text("init"):
            case "content":
                return content
            case "style":
                return styles[0].image
            case "image":
                return read(self.folder / knobs.text("init_image"), dtype)
            case "recolored":
                return recolored(content, styles[0].image)
        raise ValueError(f"no reference for init={knobs.text('init')}")


def encoded(gradient: torch.Tensor) -> str:
    """Base64 of little-endian float32."""
    return base64.b64encode(gradient.numpy().astype("<f4").tobytes()).decode()


def decoded(text: str) -> torch.Tensor:
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), "<f4").astype(np.float64))


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return value


def numbers(sample: dict) -> dict[str, float]:
    """A sample's values by name, the layers' as style_by_layer.relu1_1."""
    flat = {key: value for key, value in sample.items() if key != "style_by_layer"}
    layers = sample["style_by_layer"].items()
    return {**flat, **{f"style_by_layer.{layer}": value for layer, value in layers}}


ALMOST_NOTHING = 1e-4  # of a value's peak over the iterates: a content term at the content image is rounding


def deviations(one: list[dict], other: list[dict]) -> list[dict[str, float]]:
    """|one - other| of every value at every iterate, relative to the value, or to almost nothing of its peak."""
    peaks: dict[str, float] = {}
    for row in other:
        for key, value in numbers(row).items():
            peaks[key] = max(peaks.get(key, 0.0), abs(value))
    gaps = []
    for sample, expected in zip(one, other, strict=True):
        values = numbers(sample)
        gaps.append(
            {
                key: abs(values[key] - reference)
                / (max(abs(reference), ALMOST_NOTHING * peaks[key]) or 1.0)
                for key, reference in numbers(expected).items()
            }
        )
    return gaps


def worst(gaps: dict[str, float], of: str = "") -> float:
    """The largest gap of the loss terms, or the gap of one value."""
    if of:
        return gaps[of]
    return max(gap for key, gap in gaps.items() if key not in ("learning_rate", "gradient_norm"))
