"""The variable of the optimisation, its pixels and their total variation, with gradients in closed form.

All tensors are (1, 3, height, width) unless stated otherwise. The Java classes Parametrization, InputNormalization and TotalVariation
document the formulas.
"""

from typing import Tuple

import torch
from torch import Tensor

# TorchScript cannot read global numbers, so these functions have the codes in their text:
# spaces of the variable: 0 pixels, 1 a shifted and scaled copy of the pixels, 2 logits
# forms of the total variation: 0 d2l, 1 absolute, 2 squares, 3 keras


def pixels_of(x: Tensor, space: int, margin: float, scale: Tensor, offset: Tensor) -> Tensor:
    """Converts a variable to pixels. scale and offset, (1, 3, 1, 1), are those of space 1, and margin is that of space 2."""
    if space == 0:
        return x
    if space == 1:
        return x.sub(offset).div_(scale)
    return torch.sigmoid(x).sub_(margin).mul_(1 / (1 - 2 * margin))


def through_pixels(by_pixels: Tensor, x: Tensor, space: int, margin: float, scale: Tensor) -> Tensor:
    """Converts a gradient with respect to the pixels to one with respect to the variable. The first may be overwritten."""
    if space == 0:
        return by_pixels
    if space == 1:
        return by_pixels.div_(scale)
    return torch.ops.aten.sigmoid_backward(by_pixels.mul_(1 / (1 - 2 * margin)), torch.sigmoid(x))


def total_variation(x: Tensor, form: int, factor: float) -> Tuple[Tensor, Tensor]:
    """Computes the total variation, of shape (), and its gradient times a factor."""
    height = x.size(2) - 1
    width = x.size(3) - 1
    down = x.narrow(2, 1, height) - x.narrow(2, 0, height)
    right = x.narrow(3, 1, width) - x.narrow(3, 0, width)
    by_x = torch.zeros_like(x)
    if form == 3:
        corner_down = down.narrow(3, 0, width)
        corner_right = right.narrow(2, 0, height)
        squares = corner_down.square().add_(corner_right.square())
        value = squares.pow(1.25).sum()
        both = squares.pow_(0.25).mul_(2.5 * factor)
        add_differences(by_x.narrow(3, 0, width), 2, corner_down * both)
        add_differences(by_x.narrow(2, 0, height), 3, corner_right * both)
        return value, by_x
    if form == 0:
        value = down.abs().mean().add(right.abs().mean()).mul(0.5)
        by_down = down.sign_().mul_(0.5 * factor / down.numel())
        by_right = right.sign_().mul_(0.5 * factor / right.numel())
    elif form == 1:
        value = down.abs().sum().add(right.abs().sum())
        by_down = down.sign_().mul_(factor)
        by_right = right.sign_().mul_(factor)
    else:
        value = down.square().sum().add(right.square().sum())
        by_down = down.mul_(2 * factor)
        by_right = right.mul_(2 * factor)
    add_differences(by_x, 2, by_down)
    add_differences(by_x, 3, by_right)
    return value, by_x


def add_differences(by_x: Tensor, side: int, by_differences: Tensor) -> None:
    """Adds the gradient with respect to the differences of neighbouring values along a side."""
    length = by_differences.size(side)
    by_x.narrow(side, 1, length).add_(by_differences)
    by_x.narrow(side, 0, length).sub_(by_differences)
