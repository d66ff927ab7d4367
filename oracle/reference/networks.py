"""VGG19, VGG16 and MobileNetV2 with torchvision's structure and tensor names, up to the deepest requested layer.

VGG: Simonyan & Zisserman 2014. MobileNetV2: Sandler et al. 2018, in evaluation mode.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional

from .hashing import uniform

VGG_CONVOLUTIONS = {"vgg19": (2, 2, 4, 4, 4), "vgg16": (2, 2, 3, 3, 3)}
VGG_CHANNELS = (64, 128, 256, 512, 512)
# expansion t, channels c, repeats n, first stride s: table 2 of the paper
MOBILENET_BLOCKS = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
BATCH_NORM_EPSILON = 1e-5


def vgg_shapes(backbone: str) -> dict[str, tuple[int, ...]]:
    """Returns the tensor names and shapes of the features, in the order of torchvision's state_dict."""
    shapes, index, channels = {}, 0, 3
    for convolutions, width in zip(VGG_CONVOLUTIONS[backbone], VGG_CHANNELS):
        for _ in range(convolutions):
            shapes[f"features.{index}.weight"] = (width, channels, 3, 3)
            shapes[f"features.{index}.bias"] = (width,)
            channels = width
            index += 2  # the convolution and its ReLU
        index += 1  # the pooling
    return shapes


def mobilenet_shapes() -> dict[str, tuple[int, ...]]:
    """Like vgg_shapes; without num_batches_tracked, which is not used in evaluation mode."""
    shapes = {}

    def convolution(conv: str, norm: str, shape: tuple[int, ...]) -> None:
        shapes[f"{conv}.weight"] = shape
        for tensor in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{norm}.{tensor}"] = (shape[0],)

    convolution("features.0.0", "features.0.1", (32, 3, 3, 3))
    index, channels = 1, 32
    for expansion, width, repeats, _ in MOBILENET_BLOCKS:
        for _ in range(repeats):
            prefix, hidden, part = f"features.{index}.conv", channels * expansion, 0
            if expansion != 1:
                convolution(f"{prefix}.0.0", f"{prefix}.0.1", (hidden, channels, 1, 1))
                part = 1
            convolution(f"{prefix}.{part}.0", f"{prefix}.{part}.1", (hidden, 1, 3, 3))
            convolution(f"{prefix}.{part + 1}", f"{prefix}.{part + 2}", (width, hidden, 1, 1))
            index, channels = index + 1, width
    convolution("features.18.0", "features.18.1", (1280, 320, 1, 1))
    return shapes


def shapes_of(backbone: str) -> dict[str, tuple[int, ...]]:
    return mobilenet_shapes() if backbone == "mobilenet_v2" else vgg_shapes(backbone)


def fixture_tensor(name: str, shape: tuple[int, ...], seed: int, index: int) -> torch.Tensor:
    """Returns a tensor of the fixtures' network in float32; the formulas are in README.md, Weights."""
    signed = 2.0 * uniform(seed, index, math.prod(shape)) - 1.0
    if len(shape) == 4:
        values = signed * math.sqrt(6.0 / math.prod(shape[1:]))
    elif name.endswith("running_var"):
        values = 1.0 + 0.5 * signed
    elif name.endswith("weight"):  # of a batch normalisation
        values = 0.7 + 0.2 * signed
    else:
        values = 0.05 * signed
    return torch.from_numpy(values.astype("float32")).reshape(shape)


def fixture_weights(backbone: str, seed: int, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    return {
        name: fixture_tensor(name, shape, seed, index).to(dtype)
        for index, (name, shape) in enumerate(shapes_of(backbone).items())
    }


def safetensors(path: Path, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Reads the float16 tensors of a safetensors file: eight bytes with the header length, a JSON header, the values."""
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:begin]).items():
        if name != "__metadata__":
            first, last = (begin + offset for offset in entry["data_offsets"])
            values = np.frombuffer(data[first:last], "<f2").astype(np.float64)
            tensors[name] = torch.from_numpy(values).to(dtype).reshape(entry["shape"])
    return tensors


class Vgg:
    def __init__(
        self,
        backbone: str,
        weights: dict[str, torch.Tensor],
        pooling: str,
        padding: str,
        activation_scale: float,
    ):
        self.activation_scale = activation_scale
        self.convolutions = VGG_CONVOLUTIONS[backbone]
        self.weights = weights
        self.padding = {"zeros": "constant", "replicate": "replicate"}[padding]
        self.pool = {"max": functional.max_pool2d, "average": functional.avg_pool2d}[pooling]

    def maps(self, x: torch.Tensor, wanted: set[str]) -> dict[str, torch.Tensor]:
        """Returns the maps of the wanted layers, each (N, H, W), for an input (3, H, W)."""
        maps, index, x = {}, 0, x[None]
        for block, convolutions in enumerate(self.convolutions, start=1):
            for layer in range(1, convolutions + 1):
                x = functional.conv2d(
                    functional.pad(x, [1, 1, 1, 1], mode=self.padding),
                    self.weights[f"features.{index}.weight"],
                    self.weights[f"features.{index}.bias"],
                )
                maps[f"conv{block}_{layer}"] = x
                x = functional.relu(x)
                maps[f"relu{block}_{layer}"] = x
                index += 2
                if wanted <= maps.keys():
                    return {name: maps[name][0] for name in wanted}
            x = self.pool(x, 2)
            maps[f"pool{block}"] = x
            index += 1
            if wanted <= maps.keys():
                return {name: maps[name][0] for name in wanted}
        raise ValueError(f"no layers {sorted(wanted - maps.keys())}")


class MobileNetV2:
    activation_scale = 1.0

    def __init__(self, weights: dict[str, torch.Tensor]):
        self.weights = weights

    def convolve(self, x, conv: str, norm: str, stride: int = 1, groups: int = 1):
        kernel = self.weights[f"{conv}.weight"]
        x = functional.conv2d(
            x, kernel, stride=stride, padding=kernel.shape[-1] // 2, groups=groups
        )
        return functional.batch_norm(
            x,
            self.weights[f"{norm}.running_mean"],
            self.weights[f"{norm}.running_var"],
            self.weights[f"{norm}.weight"],
            self.weights[f"{norm}.bias"],
            training=False,
            eps=BATCH_NORM_EPSILON,
        )

    def block(self, x, index: int, expansion: int, width: int, stride: int):
        prefix, y, part = f"features.{index}.conv", x, 0
        if expansion != 1:
            y = functional.relu6(self.convolve(y, f"{prefix}.0.0", f"{prefix}.0.1"))
            part = 1
        y = self.convolve(
            y, f"{prefix}.{part}.0", f"{prefix}.{part}.1", stride=stride, groups=y.shape[1]
        )
        y = self.convolve(functional.relu6(y), f"{prefix}.{part + 1}", f"{prefix}.{part + 2}")
        return x + y if stride == 1 and x.shape[1] == width else y

    def maps(self, x: torch.Tensor, wanted: set[str]) -> dict[str, torch.Tensor]:
        """Like Vgg.maps; featuresK is the result of torchvision's features[K]."""
        x = functional.relu6(self.convolve(x[None], "features.0.0", "features.0.1", stride=2))
        maps, index = {"features0": x}, 1
        for expansion, width, repeats, first_stride in MOBILENET_BLOCKS:
            for repeat in range(repeats):
                if wanted <= maps.keys():
                    return {name: maps[name][0] for name in wanted}
                x = self.block(x, index, expansion, width, first_stride if repeat == 0 else 1)
                maps[f"features{index}"] = x
                index += 1
        if not wanted <= maps.keys():
            maps["features18"] = functional.relu6(
                self.convolve(x, "features.18.0", "features.18.1")
            )
        return {name: maps[name][0] for name in wanted}


def network(
    backbone: str,
    weights: dict[str, torch.Tensor],
    pooling: str,
    padding: str,
    activation_scale: float = 1.0,
):
    if backbone == "mobilenet_v2":
        return MobileNetV2(weights)
    return Vgg(backbone, weights, pooling, padding, activation_scale)
