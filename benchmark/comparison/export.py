"""Converts the trained VGG16 to the state dictionary that neural-style-pt loads: python -m comparison.export IN.safetensors OUT.pth

The input of the safetensors file is RGB in [0, 1] standardised by ImageNet's mean and deviation, folded into its first layer. neural-style-pt's input is BGR in 0..255 minus Caffe's means, so this conversion is reversed. Both networks are the
same function of an image.
"""

import sys

import torch
from safetensors.torch import load_file

from .objective import CAFFE_MEAN_BGR

IMAGENET_MEAN = torch.tensor((0.485, 0.456, 0.406), dtype=torch.float64)
IMAGENET_DEVIATION = torch.tensor((0.229, 0.224, 0.225), dtype=torch.float64)


def unfolded(weights: dict) -> dict:
    """Converts the network to Caffe's input."""
    mean_rgb = torch.tensor(CAFFE_MEAN_BGR, dtype=torch.float64).flip(0)
    kernel = weights["features.0.weight"].double() / (255 * IMAGENET_DEVIATION).view(1, 3, 1, 1)  # for R, G, B in 0..255
    bias = weights["features.0.bias"].double() - (kernel * (255 * IMAGENET_MEAN - mean_rgb).view(1, 3, 1, 1)).sum((1, 2, 3))
    first = {"features.0.weight": kernel.flip(1), "features.0.bias": bias}
    return {name: tensor.float().contiguous() for name, tensor in (weights | first).items()}


def export(source, target) -> None:
    torch.save(unfolded(load_file(source)), target)


if __name__ == "__main__":
    export(*sys.argv[1:])
