"""Runs a case and records the objective at every iterate."""

import base64
import math
import sys
from pathlib import Path

import numpy as np
import torch

from .cases import Case
from .colors import with_colors_of
from .images import (
    at_rest,
    cropped,
    eight_bit,
    feathered,
    noise,
    padded,
    read,
    read_mask,
    recolored,
    resized,
)
from .knobs import Knobs
from .networks import fixture_weights, network, safetensors
from .objective import ACTIVATION_SCALES, Objective, Style
from .optimizers import Box, learning_rate
from .optimizers import minimizer as make_minimizer
from .sizes import Size, ruled, scales, size_of, style_size

# One thread: the order of sums is fixed, and small maps would not be faster with more.
torch.set_num_threads(1)

WEIGHTS_SEED = 1
EMBEDDED = Path(__file__).parents[2] / "src/main/resources/nst/engine/network/vgg16.safetensors"
DIGITS = 12
JITTER = 1e-7


class Runner:
    def __init__(self, folder: Path):
        self.folder = folder
        self.weights: dict = {}

    def network(self, case: Case, knobs: Knobs, dtype: torch.dtype):
        backbone, trained = knobs.text("backbone"), case.network == "embedded"
        key = (case.network, backbone, dtype)
        if key not in self.weights:
            self.weights[key] = (
                safetensors(EMBEDDED, dtype)
                if trained
                else fixture_weights(backbone, WEIGHTS_SEED, dtype)
            )
        scale = ACTIVATION_SCALES["caffe" if trained else "torchvision"]
        return network(
            backbone, self.weights[key], knobs.text("pooling"), knobs.text("padding"), scale
        )

    def run(self, case: Case, dtype: torch.dtype, jitter: int = 0, until: int | None = None) -> dict:
        """{"iterations": [...], "gradient": (3 * H * W), "stop_reason", "saved", "image"}: an entry for each iterate, beginning with the start of each scale. The last three are only in a complete run.
    A jitter other than 0 is the seed of a change of the start by about the rounding error of float32. until is the
    number of iterates after which the run ends.
        """
        return Run(self, case, dtype, jitter, sys.maxsize if until is None else until + 1).result()

    def style(self, style, dtype: torch.dtype) -> Style:
        def mask(name: str):
            return read_mask(self.folder / name, dtype) if name else None

        image = read(self.folder / style.image, dtype)
        return Style(image, style.weight, mask(style.mask), mask(style.style_mask))


class Run:
    """An optimisation from the smallest scale to the full size."""

    def __init__(self, runner: Runner, case: Case, dtype: torch.dtype, jitter: int, until: int):
        self.knobs = Knobs(case.preset, case.knobs)
        self.network = runner.network(case, self.knobs, dtype)
        self.dtype, self.jitter, self.until = dtype, jitter, until
        self.content = read(runner.folder / case.content, dtype)
        self.styles = [runner.style(style, dtype) for style in case.styles]
        name = self.knobs.text("init_image")
        self.init_image = read(runner.folder / name, dtype) if name else None
        self.full = ruled(size_of(self.content), self.knobs)
        self.steps = 0  # over all scales
        self.entries: list[dict] = []
        self.first_gradient: torch.Tensor | None = None
        self.stop_reason = "iterations"

    def result(self) -> dict:
        kept, last, memory = None, None, None
        for size, steps in scales(self.full, self.knobs):
            objective = self.objective(size)
            start = self.start(size) if kept is None else resized(kept, size)
            if self.jitter and last is None:
                noise = torch.randn(start.shape, generator=torch.Generator().manual_seed(self.jitter))
                start = start * (1 + JITTER * noise.to(self.dtype))
            ends = [objective.coordinates(torch.full_like(start, edge)) for edge in (0.0, 1.0)]
            box = Box(self.knobs.text("bounds"), *ends)
            minimizer = make_minimizer(self.knobs, box) if memory is None else memory
            minimizer.box = box
            if memory is not None:
                if self.knobs.text("scale_state") == "fresh":
                    minimizer.forget()
                minimizer.rescale(size, (last.longest / size.longest) ** 2)
            kept = self.descend(objective, box, minimizer, start, size, steps)
            last, memory = size, minimizer
            if len(self.entries) >= self.until:
                return {"iterations": self.entries, "gradient": self.first_gradient}
        return {
            "iterations": self.entries,
            "gradient": self.first_gradient,
            "stop_reason": self.stop_reason,
            **self.saved(objective, kept),
        }

    def objective(self, size: Size) -> Objective:
        feather = self.knobs.real("mask_feather") * size.longest / self.full.longest

        def at_scale(style: Style) -> Style:
            full = style_size(size_of(style.image), self.full, self.knobs)
            own = full.times(size.longest / self.full.longest)
            image, mask, style_mask = style.image, style.mask, style.style_mask
            if self.knobs.text("original_colors") == "match":
                image = recolored(image, self.content)
            return Style(
                self.fitted(image, full, own),
                style.weight,
                None if mask is None else feathered(resized(mask, size), feather),
                None if style_mask is None else self.fitted(style_mask, full, own),
            )

        content = resized(self.content, size)
        return Objective(self.knobs, self.network, content, [at_scale(s) for s in self.styles])

    def fitted(self, image: torch.Tensor, full: Size, own: Size) -> torch.Tensor:
        """Fits a style or its mask as style_fit requires."""
        match self.knobs.text("style_fit"):
            case "scale":
                return resized(image, own)
            case "crop":
                return cropped(image, own)
            case "pad":
                return resized(padded(image, full), own)
        raise ValueError(self.knobs.text("style_fit"))

    def start(self, size: Size) -> torch.Tensor:
        knobs, content = self.knobs, resized(self.content, size)
        match knobs.text("init"):
            case "content":
                start = content
            case "style":
                start = resized(self.styles[0].image, size)
            case "image":
                start = resized(self.init_image, size)
            case "recolored":
                start = recolored(content, self.styles[0].image)
            case "random":
                start = noise(size, knobs.whole("seed"), self.dtype)
        share = knobs.real("noise_ratio")
        if share == 0:
            return start
        return at_rest((1 - share) * start + share * noise(size, knobs.whole("seed"), self.dtype))

    def descend(self, objective, box, minimizer, start, size: Size, steps: int) -> torch.Tensor:
        """Returns the selected image, clamped, in float32."""
        z = box.variable(objective.coordinates(start))
        rate = learning_rate(self.knobs, self.steps)
        keeper, totals = Keeper(self.knobs), []
        moving = self.knobs.text("optimizer") == "lbfgs" and self.knobs.text("style_layers_end")
        for step in range(steps + 1):
            if step > 0:
                if self.converged(totals):
                    self.stop_reason = "converged"
                    break
                rate = learning_rate(self.knobs, self.steps)
                self.steps += 1

                def evaluate(at):
                    losses, slope = evaluated(objective, box, at, self.steps)
                    return losses.total.item(), slope

                here = evaluate(z) if moving else (losses.total.item(), slope)
                found = minimizer.step(z, here, evaluate, rate)
                if found is None:
                    self.steps -= 1
                    self.stop_reason = "stalled"
                    break
                z, rate = found
                self.stop_reason = "iterations"
            losses, slope = evaluated(objective, box, z, self.steps)
            self.record(losses, slope, rate, size)
            clamped = box.clamp(box.image(z))
            with torch.no_grad():
                totals.append(objective.losses(clamped, self.steps).total.item())
            keeper.offer(objective.pixels(clamped), totals[-1])
            if len(self.entries) >= self.until:
                break
        return at_rest(keeper.kept.clamp(0, 1))

    def converged(self, totals: list[float]) -> bool:
        tolerance, window = self.knobs.real("tolerance"), self.knobs.whole("tolerance_window")
        if tolerance == 0 or len(totals) <= window:
            return False
        return totals[-1 - window] - totals[-1] < tolerance * totals[-1 - window]

    def record(self, losses, slope, rate: float, size: Size) -> None:
        if self.first_gradient is None:
            self.first_gradient = slope.reshape(-1).to(torch.float64)
        self.entries.append(
            {
                "scale": size.longest,
                "iteration": self.steps,
                "content": losses.content.item(),
                "style": losses.style.item(),
                "tv": losses.tv.item(),
                "total": losses.total.item(),
                "gradient_norm": slope.norm().item(),
                "learning_rate": rate,
                "style_by_layer": {k: v.item() for k, v in losses.style_by_layer.items()},
            }
        )

    def saved(self, objective: Objective, kept: torch.Tensor) -> dict:
        """Restores the colours and rounds to 8 bits. The terms are those at the end of every schedule."""
        variant, image = self.knobs.text("original_colors"), kept
        if variant.startswith("luminance"):
            content = resized(self.content, size_of(kept))
            image = with_colors_of(content, kept, variant).to(self.dtype)
        levels = eight_bit(image)
        pixels = (levels.to(torch.float32) / 255).to(self.dtype)
        with torch.no_grad():
            losses = objective.losses(
                objective.coordinates(pixels), self.knobs.whole("num_iterations")
            )
        terms = {name: getattr(losses, name).item() for name in ("content", "style", "tv", "total")}
        return {"saved": terms, "image": levels}


def evaluated(objective: Objective, box: Box, at: torch.Tensor, iteration: int):
    at = at.detach().requires_grad_()
    losses = objective.losses(box.image(at), iteration)
    (slope,) = torch.autograd.grad(losses.total, at)
    return losses, slope


class Keeper:
    """keep: the last iterate, the best by clamped total, or the average with weights average_decay^(newest - k)."""

    def __init__(self, knobs):
        self.knobs = knobs
        self.kept, self.lowest, self.weight = None, math.inf, 0.0

    def offer(self, pixels: torch.Tensor, total: float) -> None:
        match self.knobs.text("keep"):
            case "last":
                self.kept = pixels
            case "best":
                if total < self.lowest:
                    self.kept, self.lowest = pixels, total
            case "average":
                before = self.knobs.real("average_decay") * self.weight
                self.weight = before + 1
                old = 0 if self.kept is None else before * self.kept
                self.kept = (old + pixels) / self.weight


def encoded(gradient: torch.Tensor) -> str:
    """Encodes little-endian float32 in Base64."""
    return base64.b64encode(gradient.numpy().astype("<f4").tobytes()).decode()


def encoded_levels(image: torch.Tensor) -> str:
    """Encodes levels, (3, H, W), in Base64 with one byte each."""
    return base64.b64encode(image.numpy().tobytes()).decode()


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
    """Returns the values of a sample by name, those of layers as style_by_layer.relu1_1."""
    flat = {k: v for k, v in sample.items() if k not in ("style_by_layer", "scale", "iteration")}
    layers = sample["style_by_layer"].items()
    return {**flat, **{f"style_by_layer.{layer}": value for layer, value in layers}}


ALMOST_NOTHING = 1e-4  # relative to the largest value over the iterates: a content term at the content image is only rounding error


def deviations(one: list[dict], other: list[dict]) -> list[dict[str, float]]:
    """Returns |one - other| of every value at every iterate, relative to the value, or to a small share of its maximum."""
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
    """Returns the largest gap of the loss terms, or the gap of one value."""
    if of:
        return gaps[of]
    return max(gap for key, gap in gaps.items() if key not in ("learning_rate", "gradient_norm"))
