"""A style network as a TorchScript module. It is not frozen, so that .to(device) and .half() move its parameters."""

from pathlib import Path
from typing import Final

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from network import EPSILON, MARGIN, MULTIPLE, Layer, Network


class StyleLayer(nn.Module):
    stride: Final[int]
    border: Final[int]
    groups: Final[int]
    upsampled: Final[bool]
    normalized: Final[bool]
    biased: Final[bool]
    relu: Final[bool]
    begins_block: Final[bool]
    ends_block: Final[bool]
    epsilon: Final[float]

    def __init__(self, layer: Layer, network: Network, channels: int):
        super().__init__()
        weight, scale, shift = network.weight(layer), network.scale(layer), network.shift(layer)
        self.stride, self.upsampled, self.relu = layer.stride, layer.upsampled, layer.relu
        self.begins_block, self.ends_block = layer.begins_block, layer.ends_block
        self.border, self.groups = weight.shape[-1] // 2, channels // weight.shape[1]
        self.normalized, self.biased = scale is not None, scale is None and shift is not None
        self.epsilon = EPSILON
        nothing = np.zeros((1, 0), np.float32)
        self.register_buffer("weight", torch.tensor(weight))
        self.register_buffer("scale", torch.tensor(nothing if scale is None else scale))  # (looks, channels)
        self.register_buffer("shift", torch.tensor(nothing if shift is None else shift))

    def forward(self, x: Tensor, blend: Tensor) -> Tensor:
        if self.upsampled:
            x = functional.interpolate(x, scale_factor=2.0, mode="nearest")
        if self.border > 0:
            x = functional.pad(x, [self.border, self.border, self.border, self.border], mode="reflect")
        x = functional.conv2d(x, self.weight, None, self.stride, 0, 1, self.groups)
        if self.normalized:
            scale, shift = torch.mv(self.scale.t(), blend), torch.mv(self.shift.t(), blend)
            x = functional.instance_norm(x, None, None, scale, shift, True, 0.0, self.epsilon)
        if self.biased:
            x = x + torch.mv(self.shift.t(), blend).view(1, -1, 1, 1)
        return functional.relu(x) if self.relu else x


class BlendedNetwork(nn.Module):
    multiple: Final[int]
    margin: Final[float]

    def __init__(self, network: Network):
        super().__init__()
        self.multiple, self.margin = MULTIPLE, MARGIN
        layers, channels = [], 3
        for layer in network.layers:
            layers.append(StyleLayer(layer, network, channels))
            channels = network.weight(layer).shape[0]
        self.layers = nn.ModuleList(layers)

    def forward(self, photo: Tensor, blend: Tensor) -> Tensor:
        height, width = photo.size(2), photo.size(3)
        right, below = (-width) % self.multiple, (-height) % self.multiple
        x = 2 * functional.pad(photo, [0, right, 0, below], mode="replicate") - 1
        entered = x
        for layer in self.layers:
            if layer.begins_block:
                entered = x
            x = layer(x, blend)
            if layer.ends_block:
                x = x + entered
        share = torch.sigmoid(x[:, :, :height, :width])
        return ((share - self.margin) / (1 - 2 * self.margin)).clamp(0.0, 1.0)


class OneLookNetwork(nn.Module):
    def __init__(self, network: Network):
        super().__init__()
        self.blended = BlendedNetwork(network)
        self.register_buffer("blend", torch.ones(1))

    def forward(self, photo: Tensor) -> Tensor:
        return self.blended(photo, self.blend)


def save(network: Network, path: Path) -> None:
    module = BlendedNetwork(network) if network.is_blended else OneLookNetwork(network)
    torch.jit.save(torch.jit.script(module.eval()), path, _extra_files=network.description)
