"""The optimisers. Each step() computes the next iterate of the optimised variable z."""

import math

import torch
import torch.nn.functional as functional
from torch.optim.lbfgs import _strong_wolfe


class Box:
    """bounds: the relation between z and the image v, and the limits of a step. v is in the coordinates of optimize_in."""

    MARGIN = 0.02  # e of x = (sigmoid(z) - e) / (1 - 2 e)

    def __init__(self, kind: str, low: torch.Tensor, high: torch.Tensor):
        self.kind, self.low, self.high = kind, low, high

    def variable(self, v: torch.Tensor) -> torch.Tensor:
        if self.kind == "sigmoid":
            return torch.logit(v * (1 - 2 * self.MARGIN) + self.MARGIN)
        return v.clone()

    def image(self, z: torch.Tensor) -> torch.Tensor:
        if self.kind == "sigmoid":
            return (torch.sigmoid(z) - self.MARGIN) / (1 - 2 * self.MARGIN)
        return z

    def project(self, z: torch.Tensor) -> torch.Tensor:
        return self.clamp(z) if self.kind == "projected" else z

    def clamp(self, v: torch.Tensor) -> torch.Tensor:
        return torch.maximum(torch.minimum(v, self.high), self.low)


def learning_rate(knobs, step: int) -> float:
    """Returns the learning rates of the steps 0, 1, ... for learning_rate_schedule."""
    first, last = knobs.real("learning_rate"), knobs.real("learning_rate_end")
    way = step / max(1, knobs.whole("num_iterations") - 1)
    match knobs.text("learning_rate_schedule"):
        case "constant":
            return first
        case "step":
            fallen = step // knobs.whole("learning_rate_decay_every")
            return first * knobs.real("learning_rate_decay") ** fallen
        case "linear":
            return first + (last - first) * way
        case "cosine":
            return last + (first - last) * (1 + math.cos(math.pi * way)) / 2
    raise ValueError(knobs.text("learning_rate_schedule"))


class Adam:
    """Adam (Kingma & Ba 2015), from torch.optim."""

    def __init__(self, knobs, box: Box):
        self.knobs, self.box = knobs, box
        self.memory: dict | None = None

    def step(self, z, evaluation, evaluate, rate: float):
        """Returns (z', rate) for z with evaluation = (loss, gradient)."""
        z = z.clone().requires_grad_()
        optimizer = torch.optim.Adam(
            [z],
            lr=rate,
            betas=(self.knobs.real("adam_beta1"), self.knobs.real("adam_beta2")),
            eps=self.knobs.real("adam_epsilon"),
        )
        if self.memory is not None:
            optimizer.state[z] = self.memory
        z.grad = evaluation[1]
        optimizer.step()
        self.memory = optimizer.state[z]
        return self.box.project(z.detach()), rate

    def rescale(self, size, factor: float) -> None:
        """Changes to another scale, where the gradient of a pixel is factor times as large."""
        if self.memory is not None:
            root = bilinear(self.memory["exp_avg_sq"].sqrt(), size) * factor
            self.memory["exp_avg"] = bilinear(self.memory["exp_avg"], size) * factor
            self.memory["exp_avg_sq"] = root**2

    def forget(self) -> None:
        self.memory = None


class TorchLbfgs:
    """torch.optim.LBFGS with one iteration in each step: line_search=strong_wolfe, or none (a fixed step). One scale only."""

    def __init__(self, knobs, box: Box):
        self.knobs, self.box = knobs, box
        self.z, self.optimizer = None, None

    def step(self, z, evaluation, evaluate, rate: float):
        if self.z is None:
            search = None if self.knobs.text("line_search") == "none" else "strong_wolfe"
            self.z = z.clone().requires_grad_()
            self.optimizer = torch.optim.LBFGS(
                [self.z],
                max_iter=1,
                history_size=self.knobs.whole("lbfgs_history"),
                line_search_fn=search,
                tolerance_grad=0.0,
                tolerance_change=0.0,
            )
        self.optimizer.param_groups[0]["lr"] = rate

        def closure():
            loss, self.z.grad = evaluate(self.z.detach())
            return loss

        self.optimizer.step(closure)
        return self.z.detach().clone(), float(self.optimizer.state[self.z]["t"])

    def rescale(self, size, factor: float) -> None:
        pass  # one scale only

    def forget(self) -> None:
        pass


DECREASE, CURVATURE_CONDITION = 1e-4, 0.9  # c1, c2
ARMIJO_SHRINK, ARMIJO_TRIALS = 0.3, 10
WOLFE_TRIALS, SMALLEST_MOVE = 25, 1e-9
LEAST_CURVATURE = 1e-10
NUDGE = 1e-3


class Lbfgs:
    """L-BFGS (Nocedal & Wright, algorithm 7.4) with features that torch's lacks: backtracking, bounds, several scales and
    an objective that changes. The strong Wolfe line search is torch's, along the projected path.
    """

    def __init__(self, knobs, box: Box):
        self.knobs, self.box = knobs, box
        self.pairs: list[tuple[torch.Tensor, torch.Tensor]] = []

    def step(self, z, evaluation, evaluate, rate: float):
        loss, slope = evaluation
        free = self.free(z, slope)
        found = None
        if self.pairs:
            direction = -two_loop(slope * free, self.pairs) * free
            found = self.search(z, loss, slope, direction, rate, evaluate)
        if found is None:
            self.pairs.clear()
            direction = -slope * free
            found = self.search(z, loss, slope, direction, self.first(direction, rate), evaluate)
        if found is None:
            return None
        following, following_slope, taken = found
        self.remember(following - z, following_slope - slope)
        return following, taken

    def free(self, z, slope):
        """Returns 1 where a small step downhill stays within the bounds, 0 elsewhere."""
        moved = self.box.project(z - NUDGE * slope.sign()) - z
        return (moved.abs() > NUDGE / 2).to(z.dtype)

    def first(self, direction, rate: float) -> float:
        if self.knobs.text("line_search") == "armijo":
            return self.knobs.real("first_move") / direction.abs().mean().item()
        return min(1.0, 1.0 / direction.abs().sum().item()) * rate

    def search(self, z, loss, slope, direction, rate, evaluate):
        expected = dot(slope, direction)

        def path(x, t, d):
            value, gradient = evaluate(self.box.project(x + t * d))
            return value, gradient.reshape(-1)

        match self.knobs.text("line_search"):
            case "none":
                t = rate
            case "armijo":
                t = backtracked(path, z, loss, direction, expected, rate)
            case "strong_wolfe":
                _, _, t, _ = _strong_wolfe(
                    lambda x, t, d: path(z, t, direction),
                    z.reshape(-1),
                    rate,
                    direction.reshape(-1),
                    loss,
                    slope.reshape(-1),
                    torch.tensor(expected, dtype=z.dtype),
                    c1=DECREASE,
                    c2=CURVATURE_CONDITION,
                    tolerance_change=SMALLEST_MOVE,
                    max_ls=WOLFE_TRIALS,
                )
        if t is None:
            return None
        t = float(t)
        following = self.box.project(z + t * direction)
        return following, evaluate(following)[1], t

    def remember(self, s, y) -> None:
        if dot(s, y) > LEAST_CURVATURE * s.norm().item() * y.norm().item():
            self.pairs.append((s, y))
            del self.pairs[: -self.knobs.whole("lbfgs_history")]

    def rescale(self, size, factor: float) -> None:
        old, self.pairs = self.pairs, []
        for s, y in old:
            self.remember(bilinear(s, size), bilinear(y, size) * factor)

    def forget(self) -> None:
        self.pairs.clear()


def backtracked(path, z, loss, direction, expected: float, rate: float) -> float | None:
    """Returns the first of ten trials z + rate d, with decreasing rate, that decreases enough; None if there is none."""
    for _ in range(ARMIJO_TRIALS):
        trial_loss, _ = path(z, rate, direction)
        if trial_loss <= loss + DECREASE * rate * expected:
            return rate
        rate *= ARMIJO_SHRINK
    return None


def two_loop(slope, pairs):
    """Returns H g, with H_0 = (s.y / y.y) I of the newest pair."""
    q, alphas = slope.clone(), []
    for s, y in reversed(pairs):
        alpha = dot(s, q) / dot(s, y)
        alphas.append(alpha)
        q = q - alpha * y
    s, y = pairs[-1]
    r = q * (dot(s, y) / dot(y, y))
    for (s, y), alpha in zip(pairs, reversed(alphas)):
        r = r + s * (alpha - dot(y, r) / dot(s, y))
    return r


def dot(a: torch.Tensor, b: torch.Tensor) -> float:
    return torch.dot(a.reshape(-1), b.reshape(-1)).item()


def bilinear(x: torch.Tensor, size) -> torch.Tensor:
    """Resizes (3, H, W), for the memory of an optimiser."""
    shape = (size.height, size.width)
    return functional.interpolate(x[None], shape, mode="bilinear", align_corners=False)[0]


def minimizer(knobs, box: Box):
    if knobs.text("optimizer") == "adam":
        return Adam(knobs, box)
    beyond_torch = (
        knobs.text("line_search") == "armijo"
        or knobs.text("bounds") == "projected"
        or knobs.text("style_layers_end") != ""
        or knobs.whole("smallest_size") > 0
    )
    return Lbfgs(knobs, box) if beyond_torch else TorchLbfgs(knobs, box)
