"""The objective of images as saved, in float32: python -m comparison.score WEIGHTS POOLING STYLE CONTENT RESULT [CONTENT RESULT ...]"""

import sys

import torch
from safetensors.torch import load_file

from . import images
from .objective import Network, Objective, to_input


def scores(weights: dict, pooling: str, style, pairs) -> list[dict]:
    """Of (content, result) files."""
    network = Network(weights, pooling, torch.float32, torch.contiguous_format)
    rows = []
    with torch.no_grad():
        for content, result in pairs:
            terms = Objective(network, images.read(content), images.read(style)).terms(to_input(images.read(result)))
            rows.append({name: float(getattr(terms, name)) for name in ("content", "style", "tv", "total")})
    return rows


def main() -> None:
    weights, pooling, style, *files = sys.argv[1:]
    pairs = list(zip(files[::2], files[1::2]))
    for (_, result), row in zip(pairs, scores(load_file(weights), pooling, style, pairs)):
        print(result, *(f"{name} {value:.5g}" for name, value in row.items()))


if __name__ == "__main__":
    main()
