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

WEIGHTS_SEED = 1
DIGITS = 12


class Runner:
    def __init__(self, folder: Path):
        self.folder = folder
        self.weights: dict = {}

    def network(self, knobs: Knobs, dtype: torch.dtype):
        key = (knobs.text("backbone"), dtype)
        if key not in self.weights:
            self.weights[key] = fixture_weights(key[0], WEIGHTS_SEED, dtype)
        return network(key[0], self.weights[key], knobs.text("pooling"))

    def run(self, case: Case, dtype: torch.dtype) -> dict:
        """{"iterations": [...], "gradient": (3 * H * W)} with one entry for every iterate, the start first."""
        knobs = Knobs(case.preset, case.knobs)
        content = read(self.folder / case.content, dtype)
        styles = [self.style(style, dtype) for style in case.styles]
        if knobs.text("original_colors") == "match":
            styles = [
                Style(recolored(s.image, content), s.weight, s.mask, s.style_mask) for s in styles
            ]
        objective = Objective(knobs, self.network(knobs, dtype), content, styles)
        low = objective.coordinates(torch.zeros_like(content))
        high = objective.coordinates(torch.ones_like(content))
        box = Box(knobs.text("bounds"), low, high)
        start = objective.coordinates(self.start(knobs, content, styles, dtype))
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
        for iteration in range(knobs.whole("num_iterations") + 1):
            rate = learning_rate(knobs, 0) if iteration == 0 else next(steps)
            losses, slope = evaluate(z, iteration)
            image = box.image(z.detach())
            decay = knobs.real("average_decay")
            average = image if average is None else decay * average + (1 - decay) * image
            with torch.no_grad():
                clamped = objective.losses(box.clamp(image), iteration).total.item()
                averaged = None
                if knobs.text("keep") == "average":
                    averaged = objective.losses(box.clamp(average), iteration).total.item()
            if first_gradient is None:
                first_gradient = slope.reshape(-1).to(torch.float64)
            iterations.append(
                {
                    "content": losses.content.item(),
                    "style": losses.style.item(),
                    "tv": losses.tv.item(),
                    "total": losses.total.item(),
                    "clamped_total": clamped,
                    **({} if averaged is None else {"averaged_total": averaged}),
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


ALMOST_NOTHING = 1e-12  # under it a term is rounding: content at the content image


def deviations(one: list[dict], other: list[dict]) -> dict[str, float]:
    """The largest |one - other| of each value over the iterates, relative to |other|; 0 where both are almost nothing."""
    worst: dict[str, float] = {}
    for sample, reference in zip(one, other, strict=True):
        values = numbers(sample)
        for key, expected in numbers(reference).items():
            size = max(abs(values[key]), abs(expected))
            gap = abs(values[key] - expected) / size if size > ALMOST_NOTHING else 0.0
            worst[key] = max(worst.get(key, 0.0), gap)
    return worst
