"""Style networks: Johnson, Alahi & Fei-Fei 2016, supplementary material, table 1, with the changes named in README.md.

A separable network has a depthwise and a pointwise convolution (Howard et al. 2017) where the other has one of 3x3.
"""

import math

import torch
import torch.nn.functional as functional

from .hashing import uniform

EPSILON = 1e-5  # of the instance normalisation
MARGIN = 0.02  # e of bounds=sigmoid
FIRST_AND_LAST_KERNEL = 9


def shapes_of(width: int, blocks: int, separable: bool, looks: int) -> dict[str, tuple[int, ...]]:
    """Returns the names and shapes of the parameters, in the order in which the fixtures number them."""
    shapes: dict[str, tuple[int, ...]] = {}

    def normalized(name: str, shape: tuple[int, ...]) -> None:
        shapes[f"{name}.weight"] = shape
        shapes[f"{name}.scale"] = shapes[f"{name}.shift"] = (looks, shape[0])

    def inner(name: str, channels: int, to: int) -> None:
        if separable:
            shapes[f"{name}.depthwise.weight"] = (channels, 1, 3, 3)
            normalized(f"{name}.pointwise", (to, channels, 1, 1))
        else:
            normalized(name, (to, channels, 3, 3))

    kernel = (FIRST_AND_LAST_KERNEL, FIRST_AND_LAST_KERNEL)
    normalized("first", (width, 3, *kernel))
    inner("down1", width, 2 * width)
    inner("down2", 2 * width, 4 * width)
    for block in range(1, blocks + 1):
        inner(f"block{block}a", 4 * width, 4 * width)
        inner(f"block{block}b", 4 * width, 4 * width)
    inner("up1", 4 * width, 2 * width)
    inner("up2", 2 * width, width)
    shapes["last.weight"] = (3, width, *kernel)
    shapes["last.shift"] = (looks, 3)
    return shapes


def fixture_parameters(
    shapes: dict[str, tuple[int, ...]], seed: int, dtype: torch.dtype
) -> dict[str, torch.Tensor]:
    """Returns the parameters of the fixtures; the formulas are in README.md, Weights. Rounded to float32."""
    parameters = {}
    for index, (name, shape) in enumerate(shapes.items()):
        signed = 2.0 * uniform(seed, index, math.prod(shape)) - 1.0
        if name.endswith(".weight"):
            values = signed * math.sqrt(6.0 / math.prod(shape[1:]))
        elif name.endswith(".scale"):
            values = 1.0 + 0.5 * signed
        else:
            values = 0.5 * signed
        parameters[name] = torch.from_numpy(values.astype("float32")).reshape(shape).to(dtype)
    return parameters


class StyleNetwork:
    def __init__(self, parameters: dict[str, torch.Tensor], blocks: int, separable: bool):
        self.parameters, self.blocks, self.separable = parameters, blocks, separable

    def convolved(self, x: torch.Tensor, name: str, stride: int = 1) -> torch.Tensor:
        """Convolves a map that is mirrored at its borders, so that it keeps its size with a stride of 1."""
        kernel = self.parameters[f"{name}.weight"]
        border = kernel.shape[-1] // 2
        if border > 0:
            x = functional.pad(x, [border] * 4, mode="reflect")
        return functional.conv2d(x, kernel, stride=stride, groups=x.shape[1] // kernel.shape[1])

    def normalized(self, x: torch.Tensor, name: str, blend: torch.Tensor) -> torch.Tensor:
        """Dumoulin, Shlens & Kudlur 2017, equation 5, with the looks' scales and shifts blended."""
        variance, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
        scale, shift = (
            (blend @ self.parameters[f"{name}.{kind}"])[None, :, None, None]
            for kind in ("scale", "shift")
        )
        return scale * (x - mean) / torch.sqrt(variance + EPSILON) + shift

    def inner(self, x: torch.Tensor, name: str, blend: torch.Tensor, stride: int = 1) -> torch.Tensor:
        if not self.separable:
            return self.normalized(self.convolved(x, name, stride), name, blend)
        x = self.convolved(self.convolved(x, f"{name}.depthwise", stride), f"{name}.pointwise")
        return self.normalized(x, f"{name}.pointwise", blend)

    def picture(self, photo: torch.Tensor, blend: torch.Tensor) -> torch.Tensor:
        """Returns the pixels, (3, H, W), not clamped, that the network makes of pixels (3, H, W)."""
        height, width = photo.shape[1:]
        x = functional.pad(photo[None], [0, -width % 4, 0, -height % 4], mode="replicate")
        x = functional.relu(self.normalized(self.convolved(2 * x - 1, "first"), "first", blend))
        for name in ("down1", "down2"):
            x = functional.relu(self.inner(x, name, blend, stride=2))
        for block in range(1, self.blocks + 1):
            inside = functional.relu(self.inner(x, f"block{block}a", blend))
            x = x + self.inner(inside, f"block{block}b", blend)
        for name in ("up1", "up2"):
            x = x.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
            x = functional.relu(self.inner(x, name, blend))
        bias = (blend @ self.parameters["last.shift"])[None, :, None, None]
        logits = (self.convolved(x, "last") + bias)[0, :, :height, :width]
        return (torch.sigmoid(logits) - MARGIN) / (1 - 2 * MARGIN)
