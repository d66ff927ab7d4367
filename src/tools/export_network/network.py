"""Reads the file of a style network: its layers and their tensors. docs/networks.md, What is written, describes the file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

FORMAT = "nst-style-network-1"
EPSILON = 1e-5  # of the instance normalisation
MARGIN = 0.02  # the network computes z, and a pixel is (sigmoid(z) - MARGIN) / (1 - 2 MARGIN)
MULTIPLE = 4  # a photo is extended to a multiple of this, because its size is halved twice


@dataclass(frozen=True)
class Layer:
    """A convolution of a map that is mirrored at its borders, and what is before and after it."""

    name: str
    stride: int = 1
    upsampled: bool = False  # both sides are doubled before the convolution
    relu: bool = False
    begins_block: bool = False  # the input of this layer is added to the output of the one that ends the block
    ends_block: bool = False


def layers_of(blocks: int, separable: bool) -> list[Layer]:
    """Returns the layers in their order. Their names are those of the tensors without .weight, .scale and .shift."""

    def inner(name: str, stride=1, upsampled=False, relu=True, begins_block=False, ends_block=False) -> list[Layer]:
        if not separable:
            return [Layer(name, stride, upsampled, relu, begins_block, ends_block)]
        return [
            Layer(f"{name}.depthwise", stride, upsampled, begins_block=begins_block),
            Layer(f"{name}.pointwise", relu=relu, ends_block=ends_block),
        ]

    layers = [Layer("first", relu=True), *inner("down1", stride=2), *inner("down2", stride=2)]
    for block in range(1, blocks + 1):
        layers += inner(f"block{block}a", begins_block=True) + inner(f"block{block}b", relu=False, ends_block=True)
    return [*layers, *inner("up1", upsampled=True), *inner("up2", upsampled=True), Layer("last")]


@dataclass(frozen=True)
class Network:
    """A network with some of its looks.

    tensors: by name; weights are (channels, channels of a group, kernel, kernel), scales and shifts (looks, channels).
    looks: their names. description: what an exported file says about itself.
    """

    layers: list[Layer]
    tensors: dict[str, np.ndarray]
    looks: list[str]
    description: dict[str, str]

    @property
    def is_blended(self) -> bool:
        """Whether the blend is an input."""
        return len(self.looks) > 1

    def weight(self, layer: Layer) -> np.ndarray:
        return self.tensors[f"{layer.name}.weight"]

    def scale(self, layer: Layer) -> np.ndarray | None:
        """Returns the scales of the normalisation after a layer, or None if there is none."""
        return self.tensors.get(f"{layer.name}.scale")

    def shift(self, layer: Layer) -> np.ndarray | None:
        """Returns the shifts of the normalisation, or the bias of a layer without one, or None."""
        return self.tensors.get(f"{layer.name}.shift")


def read(path: Path, look: int | None = None) -> Network:
    """Reads a network, with all looks or one."""
    try:
        data = path.read_bytes()
        tensors = load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    except (OSError, SafetensorError) as error:
        raise SystemExit(f"Cannot read {path}: {error}") from error
    metadata = header.get("__metadata__", {})
    if metadata.get("format") != FORMAT:
        raise SystemExit(f"{path} is no style network of nst: its format is {metadata.get('format', 'none')}, not {FORMAT}")
    layers = layers_of(int(metadata["residual_blocks"]), metadata["convolution"] == "separable")
    missing = [layer.name for layer in layers if f"{layer.name}.weight" not in tensors]
    if missing:
        raise SystemExit(f"{path} has no tensor {missing[0]}.weight")
    looks = names_of(json.loads(metadata["recipe"]), int(metadata["looks"]))
    if look is not None:
        if not 0 <= look < len(looks):
            raise SystemExit(f"--look: expected a number from 0 to {len(looks) - 1}, was {look}")
        looks = [looks[look]]
        tensors = {
            name: value if name.endswith(".weight") else value[look : look + 1] for name, value in tensors.items()
        }
    # Not the recipe: it has the URIs of photos, which should not travel with a file for the public.
    description = {"looks": json.dumps(looks), "network_sha256": hashlib.sha256(data).hexdigest()}
    return Network(layers, tensors, looks, description)


def names_of(recipe: dict, looks: int) -> list[str]:
    """Returns a name for each look: those of its paintings."""
    names = [" + ".join(style["name"] for style in look["styles"]) for look in recipe.get("looks", [])]
    return names if len(names) == looks else [f"look {number}" for number in range(looks)]
