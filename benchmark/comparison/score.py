"""Computes the objective of saved images, in float32: python -m comparison.score WEIGHTS.pth STYLE CONTENT RESULT [RESULT ...]"""

import sys
from functools import cache

import torch

from . import images
from .objective import Network, Objective, to_input


class Scorer:
    def __init__(self, weights):
        """With the state dictionary that neural-style-pt loads."""
        self.network = Network(torch.load(weights, weights_only=True), torch.float32, torch.contiguous_format)

    @cache
    def objective(self, content, style) -> Objective:
        return Objective(self.network, images.read(content), images.read(style))

    def terms(self, content, style, result) -> dict:
        """Returns the weighted terms of a result; the arguments are files."""
        with torch.no_grad():
            terms = self.objective(content, style).terms(to_input(images.read(result)))
        return {name: float(getattr(terms, name)) for name in ("content", "style", "tv", "total")}


def main() -> None:
    weights, style, content, *results = sys.argv[1:]
    scorer = Scorer(weights)
    for result in results:
        print(result, *(f"{name} {value:.6g}" for name, value in scorer.terms(content, style, result).items()))


if __name__ == "__main__":
    main()
