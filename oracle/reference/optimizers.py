"""The optimisers as iterators over the optimised variable z: each next() is one step, its value the step size."""

import math

import torch


class Box:
    """bounds: how z stands for the image v, and what a step may do. v is in the coordinates of optimize_in."""

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
    """Of step 0, 1, ...: learning_rate_schedule."""
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


def adam(z: torch.Tensor, gradient, knobs, box: Box):
    """Kingma & Ba 2015, by torch.optim.Adam; gradient(z, step) is (loss, gradient)."""
    optimizer = torch.optim.Adam(
        [z],
        betas=(knobs.real("adam_beta1"), knobs.real("adam_beta2")),
        eps=knobs.real("adam_epsilon"),
    )
    step = 0
    while True:
        rate = learning_rate(knobs, step)
        optimizer.param_groups[0]["lr"] = rate
        z.grad = gradient(z.detach(), step)[1]
        optimizer.step()
        with torch.no_grad():
            z.copy_(box.project(z))
        yield rate
        step += 1


def torch_lbfgs(z: torch.Tensor, gradient, knobs, box: Box):
    """torch.optim.LBFGS, one iteration a step: line_search=strong_wolfe, or none (a fixed step)."""
    search = None if knobs.text("line_search") == "none" else "strong_wolfe"
    optimizer = torch.optim.LBFGS(
        [z],
        max_iter=1,
        history_size=knobs.whole("lbfgs_history"),
        line_search_fn=search,
        tolerance_grad=0.0,
        tolerance_change=0.0,
    )
    step = 0
    while True:
        optimizer.param_groups[0]["lr"] = learning_rate(knobs, step)

        def closure():
            loss, z.grad = gradient(z.detach(), step)
            return loss

        before = z.detach().clone()
        optimizer.step(closure)
        state = optimizer.state[z]
        rate = float(state["t"])
        projected = box.project(z.detach())
        if not torch.equal(projected, z):
            with torch.no_grad():
                z.copy_(projected)
            # The next pair is s = t d: let it be the move that was really made.
            state["d"], state["t"] = (projected - before).reshape(-1), 1.0
        yield rate
        step += 1


ARMIJO_DECREASE, ARMIJO_SHRINK, ARMIJO_TRIALS = 1e-4, 0.3, 10
CURVATURE = 1e-10


def armijo_lbfgs(z: torch.Tensor, gradient, knobs, box: Box):
    """Nocedal & Wright, algorithm 7.4 with back-tracking (3.1), and a first step of first_move."""
    pairs: list[tuple[torch.Tensor, torch.Tensor]] = []
    loss, slope = gradient(z.detach(), 0)
    step = 0
    while True:
        found = None
        if pairs:
            direction = -two_loop(slope, pairs)
            rate = learning_rate(knobs, step)
            found = backtrack(z.detach(), loss, slope, direction, rate, gradient, step, box)
        if found is None:
            pairs.clear()
            rate = knobs.real("first_move") / slope.abs().mean().item()
            found = backtrack(z.detach(), loss, slope, -slope, rate, gradient, step, box)
        if found is None:
            raise ArithmeticError(f"steepest descent failed at step {step}")
        following, following_loss, following_slope, rate = found
        s, y = following - z.detach(), following_slope - slope
        if dot(s, y) > CURVATURE * dot(y, y):
            pairs.append((s, y))
            del pairs[: -knobs.whole("lbfgs_history")]
        with torch.no_grad():
            z.copy_(following)
        loss, slope = following_loss, following_slope
        yield rate
        step += 1


def backtrack(z, loss, slope, direction, rate, gradient, step, box):
    """The first of ten trials z + rate d, rate shrinking, that falls enough; None when none does."""
    expected = dot(slope, direction)
    for _ in range(ARMIJO_TRIALS):
        trial = box.project(z + rate * direction)
        trial_loss, trial_slope = gradient(trial, step)
        if trial_loss <= loss + ARMIJO_DECREASE * rate * expected:
            return trial, trial_loss, trial_slope, rate
        rate *= ARMIJO_SHRINK
    return None


def two_loop(slope, pairs):
    """H g, with H_0 = (s.y / y.y) I of the newest pair."""
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


def minimizer(z: torch.Tensor, gradient, knobs, box: Box):
    if knobs.text("optimizer") == "adam":
        return adam(z, gradient, knobs, box)
    if knobs.text("line_search") == "armijo":
        return armijo_lbfgs(z, gradient, knobs, box)
    return torch_lbfgs(z, gradient, knobs, box)
