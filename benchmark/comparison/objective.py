"""neural-style-pt's objective with its default weights, written independently. All comparisons use it.

total = 5 mean (F - P)^2 at relu4_2 + 100 sum over relu1_1 .. relu5_1 of mean (G - A)^2 + 1e-3 (sum |dy| + sum |dx|),
with G = F F^T / (N M), of VGG16 fed BGR pixels in 0..255 minus Caffe's means, with average pooling.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as functional

CONVOLUTIONS = (2, 2, 3, 3, 3)
CONTENT_LAYER = "relu4_2"
STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT_WEIGHT, STYLE_WEIGHT, TV_WEIGHT = 5.0, 100.0, 1e-3
CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)


def to_input(pixels: torch.Tensor) -> torch.Tensor:
    """(1, 3, H, W) RGB in [0, 1] to BGR in 0..255 minus the means."""
    return pixels.flip(1) * 255 - torch.tensor(CAFFE_MEAN_BGR).view(1, 3, 1, 1)


class Network:
    """VGG16 up to relu5_1, from the state dictionary that neural-style-pt loads."""

    def __init__(self, weights: dict, dtype: torch.dtype, memory_format: torch.memory_format):
        self.dtype, self.memory_format = dtype, memory_format
        self.filters = {}
        index = 0
        for block, count in enumerate(CONVOLUTIONS, start=1):
            for layer in range(1, count + 1):
                kernel = weights[f"features.{index}.weight"].to(dtype).contiguous(memory_format=memory_format)
                self.filters[f"relu{block}_{layer}"] = (kernel, weights[f"features.{index}.bias"].to(dtype))
                index += 2
            index += 1

    def maps(self, x: torch.Tensor) -> dict:
        x = x.to(self.dtype).contiguous(memory_format=self.memory_format)
        maps = {}
        for block, count in enumerate(CONVOLUTIONS, start=1):
            for layer in range(1, count + 1):
                name = f"relu{block}_{layer}"
                x = functional.relu_(functional.conv2d(x, *self.filters[name], padding=1))
                if name == CONTENT_LAYER or name in STYLE_LAYERS:
                    maps[name] = x
                if name == STYLE_LAYERS[-1]:
                    return maps
            x = functional.avg_pool2d(x, 2)


def gram(features: torch.Tensor) -> torch.Tensor:
    rows = features.float().flatten(2)[0]
    return rows @ rows.T / rows.numel()


@dataclass
class Terms:
    """The weighted terms; their sum is the total."""

    content: torch.Tensor
    style: torch.Tensor
    tv: torch.Tensor

    @property
    def total(self):
        return self.content + self.style + self.tv


class Objective:
    def __init__(self, network: Network, content: torch.Tensor, style: torch.Tensor):
        """Images are (1, 3, H, W) RGB in [0, 1]."""
        self.network = network
        with torch.no_grad():
            self.content = network.maps(to_input(content))[CONTENT_LAYER].float()
            maps = network.maps(to_input(style))
            self.grams = {layer: gram(maps[layer]) for layer in STYLE_LAYERS}

    def terms(self, x: torch.Tensor) -> Terms:
        """The terms of an image in the network's input space."""
        maps = self.network.maps(x)
        style = sum(functional.mse_loss(gram(maps[layer]), target) for layer, target in self.grams.items())
        return Terms(
            CONTENT_WEIGHT * functional.mse_loss(maps[CONTENT_LAYER].float(), self.content),
            STYLE_WEIGHT * style,
            TV_WEIGHT * ((x[:, :, 1:] - x[:, :, :-1]).abs().sum() + (x[:, :, :, 1:] - x[:, :, :, :-1]).abs().sum()),
        )
