"""Implements the preset balanced for a batch of images of one shape, each with its own painting, start and weights.

Normalised losses, L-BFGS with backtracking, sigmoid bounds, a pyramid. Every image has its own line search, so a
batch gives the same results as each image alone. looks.check compares it with oracle/reference.
"""

from dataclasses import dataclass, field, replace

import torch
import torch.nn.functional as functional

from .network import Network
from .pictures import Shape, eight_bit, longest, noise, recolored, resized, scales, shape_of, times

MARGIN = 0.02
DECREASE, SHRINK, TRIALS, LEAST_CURVATURE = 1e-4, 0.3, 10, 1e-10
EQUAL = {"relu1_1": 0.2, "relu2_1": 0.2, "relu3_1": 0.2, "relu4_1": 0.2, "relu5_1": 0.2}


def _layers(**weights: float) -> tuple[tuple[str, float], ...]:
    return tuple(weights.items())


@dataclass(frozen=True)
class Knobs:
    content_weight: float = 0.1
    style_weight: float = 1.0
    tv_weight: float = 0.03
    content_layers: tuple = (("relu4_2", 1.0),)
    style_layers: tuple = tuple(EQUAL.items())
    init: str = "recolored"
    noise_ratio: float = 0.0
    style_scale: float = 1.0
    # the values that a batch shares
    image_size: int = 256
    num_iterations: int = 30
    pooling: str = "average"
    padding: str = "replicate"
    gram: str = "centered"
    tv_term: str = "squares"
    smallest_size: float = 256
    scale_ratio: float = 2.0
    coarse_share: float = 0.5
    history: int = 15
    first_move: float = 0.2
    precision: str = "bfloat16"
    margin: int = 0  # mirrored border of the photo in pixels; looks.grid crops it
    saves: tuple = field(default=(), compare=True)  # iterates to keep in addition to the last

    def shared(self) -> tuple:
        names = lambda layers: tuple(sorted(name for name, _ in layers))
        return (
            self.image_size, self.num_iterations, self.pooling, self.padding, self.gram, self.tv_term,
            self.smallest_size, self.scale_ratio, self.coarse_share, self.history, self.first_move,
            self.precision, self.margin, self.saves, names(self.content_layers), names(self.style_layers),
        )  # fmt: skip


@dataclass(frozen=True)
class Task:
    photo: str
    painting: str
    label: str
    knobs: Knobs


class Library:
    """Holds images by name and networks by their knobs, on the device."""

    def __init__(self, weights: dict, pictures: dict[str, torch.Tensor], device: str):
        self.weights, self.device = weights, device
        self.pictures = {name: picture.to(device) for name, picture in pictures.items()}
        self.networks: dict = {}
        self.starts: dict = {}

    def network(self, precision: str, pooling: str, padding: str) -> Network:
        key = (precision, pooling, padding)
        if key not in self.networks:
            self.networks[key] = Network(self.weights, self.device, getattr(torch, precision), pooling, padding)
        return self.networks[key]

    def recolored(self, photo: str, painting: str, shape: Shape, dtype: torch.dtype) -> torch.Tensor:
        key = (photo, painting, shape, dtype)
        if key not in self.starts:
            self.starts[key] = recolored(resized(self.pictures[photo].to(dtype), shape), self.pictures[painting].to(dtype))
        return self.starts[key]


def gram(layer_map: torch.Tensor, variant: str, dtype: torch.dtype) -> torch.Tensor:
    """(B, N, N) of (B, N, H, W)."""
    features = layer_map.flatten(2).to(dtype)
    channels, positions = features.shape[1:]
    if variant == "centered":
        features = features - features.mean(2, keepdim=True)
    raw = features @ features.transpose(1, 2)
    return raw / {"centered": positions, "per_element": channels * positions}[variant]


def total_variation(v: torch.Tensor, variant: str) -> torch.Tensor:
    dy, dx = v[:, :, 1:] - v[:, :, :-1], v[..., 1:] - v[..., :-1]
    if variant == "squares":
        return (dy**2).sum((1, 2, 3)) + (dx**2).sum((1, 2, 3))
    return (dy.abs().mean((1, 2, 3)) + dx.abs().mean((1, 2, 3))) / 2  # d2l


def squares(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return ((a - b) ** 2).flatten(1).mean(1)


class Objective:
    def __init__(self, library: Library, tasks: list[Task], shape: Shape, full: Shape):
        knobs = tasks[0].knobs
        self.dtype = torch.float64 if knobs.precision == "float64" else torch.float32
        self.device, self.variant, self.tv_term = library.device, knobs.gram, knobs.tv_term
        self.network = library.network(knobs.precision, knobs.pooling, knobs.padding)
        self.content_layers = [name for name, _ in sorted(knobs.content_layers)]
        self.style_layers = [name for name, _ in sorted(knobs.style_layers)]
        self.wanted = {*self.content_layers, *self.style_layers}

        def vector(values) -> torch.Tensor:
            return torch.tensor(list(values), dtype=self.dtype, device=self.device)

        self.content_weight = vector(task.knobs.content_weight for task in tasks)
        self.style_weight = vector(task.knobs.style_weight for task in tasks)
        self.tv_weight = vector(task.knobs.tv_weight for task in tasks)
        self.content_shares = {n: vector(dict(task.knobs.content_layers)[n] for task in tasks) for n in self.content_layers}
        self.style_shares = {n: vector(dict(task.knobs.style_layers)[n] for task in tasks) for n in self.style_layers}
        photos, of_photo = unique([task.photo for task in tasks], self.device)
        styles, of_style = unique([(task.painting, task.knobs.style_scale) for task in tasks], self.device)
        with torch.no_grad():
            contents, grams, reference = [], [], []
            for name in photos:
                picture = resized(library.pictures[name].to(self.dtype), shape)[None]
                maps = self.network.maps(picture, self.wanted)
                contents.append({n: maps[n].to(self.dtype) for n in self.content_layers})
                reference.append((
                    {n: squares(m, m.mean((2, 3), keepdim=True)) for n, m in contents[-1].items()},
                    {n: gram(maps[n], self.variant, self.dtype) for n in self.style_layers},
                    total_variation(picture, self.tv_term),
                ))  # fmt: skip
            for name, scale in styles:
                own = shape_of(library.pictures[name])
                own = times(longest(own, knobs.image_size), scale)
                own = times(own, max(shape) / max(full))
                picture = resized(library.pictures[name].to(self.dtype), own)[None]
                maps = self.network.maps(picture, set(self.style_layers))
                # targets are stored in float32
                grams.append({n: gram(m, self.variant, self.dtype).float().to(self.dtype) for n, m in maps.items()})
        self.contents = {n: torch.cat([c[n] for c in contents])[of_photo] for n in self.content_layers}
        self.grams = {n: torch.cat([g[n] for g in grams])[of_style] for n in self.style_layers}
        self.content_reference = {n: torch.cat([r[0][n] for r in reference])[of_photo] for n in self.content_layers}
        self.style_reference = {
            n: squares(torch.cat([r[1][n] for r in reference])[of_photo], self.grams[n]) for n in self.style_layers
        }
        self.tv_reference = torch.cat([r[2] for r in reference])[of_photo]

    def losses(self, v: torch.Tensor, which: torch.Tensor | slice) -> dict[str, torch.Tensor]:
        """Returns content, style, tv and total, each (b), and the relative style of each layer."""
        maps = self.network.maps(v, self.wanted)
        content = sum(
            self.content_shares[n][which]
            * squares(maps[n].to(self.dtype), self.contents[n][which])
            / self.content_reference[n][which]
            for n in self.content_layers
        )
        layers = {
            n: squares(gram(maps[n], self.variant, self.dtype), self.grams[n][which]) / self.style_reference[n][which]
            for n in self.style_layers
        }
        style = sum(self.style_shares[n][which] * value for n, value in layers.items())
        tv = total_variation(v, self.tv_term) / self.tv_reference[which]
        total = self.content_weight[which] * content + self.style_weight[which] * style + self.tv_weight[which] * tv
        return {"content": content, "style": style, "tv": tv, "total": total, **layers}

    def evaluate(self, z: torch.Tensor, which: torch.Tensor | slice = slice(None)):
        """(totals (b), gradient, terms) at sigmoid pixels."""
        z = z.detach().requires_grad_()
        terms = self.losses(image_of(z), which)
        (slope,) = torch.autograd.grad(terms["total"].sum(), z)
        terms = {name: value.detach() for name, value in terms.items()}
        return terms["total"], slope, terms


def unique(values: list, device: str):
    names = list(dict.fromkeys(values))
    return names, torch.tensor([names.index(value) for value in values], device=device)


def variable_of(v: torch.Tensor) -> torch.Tensor:
    return torch.logit(v * (1 - 2 * MARGIN) + MARGIN)


def image_of(z: torch.Tensor) -> torch.Tensor:
    return (torch.sigmoid(z) - MARGIN) / (1 - 2 * MARGIN)


def dot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (a * b).flatten(1).sum(1)


def by(scale: torch.Tensor) -> torch.Tensor:
    return scale.view(-1, 1, 1, 1)


class Lbfgs:
    """L-BFGS (Nocedal & Wright, algorithm 7.4) for each image of a batch."""

    def __init__(self, history: int, first_move: float):
        self.history, self.first_move = history, first_move
        self.pairs: list = []  # (s, y, s.y, whether the pair is used), oldest first
        self.evaluations = 0

    def two_loop(self, slope: torch.Tensor):
        """Returns (H g, whether there is a pair)."""
        known = torch.zeros(len(slope), dtype=torch.bool, device=slope.device)
        q, alphas = slope, []
        factor = torch.ones_like(slope[:, 0, 0, 0])
        for s, y, sy, counts in reversed(self.pairs):
            alpha = torch.where(counts, dot(s, q) / sy, 0)
            alphas.append(alpha)
            q = q - by(alpha) * y
            factor = torch.where(counts & ~known, sy / dot(y, y), factor)
            known = known | counts
        r = q * by(factor)
        for (s, y, sy, counts), alpha in zip(self.pairs, reversed(alphas)):
            r = r + s * by(torch.where(counts, alpha - dot(y, r) / sy, 0))
        return r, known

    def step(self, objective: Objective, z, totals, slope):
        """Returns (z', totals', slope'). An image whose search fails does not change."""
        direction, known = self.two_loop(slope)
        direction = torch.where(by(known), -direction, -slope)
        move = torch.where(known, 1.0, self.first_move / direction.abs().flatten(1).mean(1))
        found = [z.clone(), totals.clone(), slope.clone()]
        failed = self.search(objective, z, totals, slope, direction, move, torch.arange(len(z), device=z.device), found)
        again = failed[known[failed]] if len(failed) else failed
        if len(again):
            self.pairs = [(s, y, sy, counts.index_fill(0, again, False)) for s, y, sy, counts in self.pairs]
            move = self.first_move / slope.abs().flatten(1).mean(1)
            self.search(objective, z, totals, slope, -slope, move, again, found)
        s, y = found[0] - z, found[2] - slope
        sy = dot(s, y)
        counts = sy > LEAST_CURVATURE * dot(s, s).sqrt() * dot(y, y).sqrt()
        self.pairs = [*self.pairs, (s, y, torch.where(counts, sy, 1), counts)][-self.history :]
        return found

    def search(self, objective, z, totals, slope, direction, move, which, found):
        """Backtracking for the selected images; writes the new points and returns the images without one."""
        expected = dot(slope, direction)
        everyone = len(which) == len(z)
        for _ in range(TRIALS):
            pick = slice(None) if everyone else which
            trial = z[pick] + by(move[pick]) * direction[pick]
            trial_totals, trial_slope, _ = objective.evaluate(trial, pick)
            self.evaluations += len(trial)
            fine = trial_totals <= totals[pick] + DECREASE * move[pick] * expected[pick]
            if everyone:
                found[0], found[1], found[2] = (
                    torch.where(by(fine), trial, found[0]),
                    torch.where(fine, trial_totals, found[1]),
                    torch.where(by(fine), trial_slope, found[2]),
                )
            else:
                good = which[fine]
                found[0][good], found[1][good], found[2][good] = trial[fine], trial_totals[fine], trial_slope[fine]
            which = which[~fine]  # waits for the device
            everyone = False
            if not len(which):
                break
            move = move * SHRINK
        return which

    def rescale(self, shape: Shape, factor: float) -> None:
        def bilinear(x):
            return functional.interpolate(x, shape, mode="bilinear", align_corners=False)

        pairs = []
        for s, y, _, counts in self.pairs:
            s, y = bilinear(s), bilinear(y) * factor
            sy = dot(s, y)
            counts = counts & (sy > LEAST_CURVATURE * dot(s, s).sqrt() * dot(y, y).sqrt())
            pairs.append((s, y, torch.where(counts, sy, 1), counts))
        self.pairs = pairs


def start(library: Library, task: Task, shape: Shape, dtype: torch.dtype) -> torch.Tensor:
    match task.knobs.init:
        case "content":
            first = resized(library.pictures[task.photo].to(dtype), shape)
        case "style":
            first = resized(library.pictures[task.painting].to(dtype), shape)
        case "recolored":
            first = library.recolored(task.photo, task.painting, shape, dtype)
        case "random":
            first = noise(shape, 0).to(library.device, dtype)
    share = task.knobs.noise_ratio
    return first if share == 0 else (1 - share) * first + share * noise(shape, 0).to(library.device, dtype)


@dataclass
class Saved:
    iteration: int
    images: torch.Tensor  # (B, 3, H, W), 8 bit
    terms: dict  # of the saved images, each (B)
    evaluations: int  # of the whole batch so far


def run(library: Library, tasks: list[Task], record=None) -> list[Saved]:
    """Computes the images of tasks with the same shape and Knobs.shared(); record is called with (shape, terms) at every
    iterate."""
    knobs = tasks[0].knobs
    full = longest(shape_of(library.pictures[tasks[0].photo]), knobs.image_size)
    minimizer, kept, last, saved, iteration = Lbfgs(knobs.history, knobs.first_move), None, None, [], 0
    for shape, steps in scales(full, knobs.num_iterations, knobs.smallest_size, knobs.scale_ratio, knobs.coarse_share):
        objective = Objective(library, tasks, shape, full)
        if kept is None:
            first = torch.stack([start(library, task, shape, objective.dtype) for task in tasks])
        else:
            first = resized(kept, shape)
            minimizer.rescale(shape, (max(last) / max(shape)) ** 2)
        z = variable_of(first)
        totals, slope, terms = objective.evaluate(z)
        if record is not None:
            record(shape, terms)
        for _ in range(steps):
            z, totals, slope = minimizer.step(objective, z, totals, slope)
            iteration += 1
            if record is not None:
                record(shape, objective.evaluate(z)[2])
            if shape == full and (iteration in knobs.saves or iteration == knobs.num_iterations):
                levels = eight_bit(image_of(z))
                with torch.no_grad():
                    terms = objective.losses((levels.float() / 255).to(objective.dtype), slice(None))
                saved.append(Saved(iteration, levels, terms, minimizer.evaluations))
        kept, last = image_of(z).clamp(0, 1).float().to(objective.dtype), shape
    return saved
