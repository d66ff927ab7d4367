"""A well-written PyTorch loop for the same objective: the network is loaded once, frozen and channels-last, without copies between steps.

python -m comparison.loop WEIGHTS.pth PLAN-AS-JSON with {"precision", "optimizer", "evaluations", "rows": [[content, style, result], ...]}
"""

import json
import sys

import torch

from . import images
from .objective import CAFFE_MEAN_BGR, Network, Objective, to_input

ADAM_RATE = 10.0  # out of 255; neural-style-pt's default for Adam is 1


def stylized(objective: Objective, content: torch.Tensor, optimizer: str, evaluations: int) -> torch.Tensor:
    x = to_input(content).clone().requires_grad_(True)

    def loss():
        step.zero_grad(set_to_none=True)
        total = objective.terms(x).total
        total.backward()
        return total

    if optimizer == "adam":
        step = torch.optim.Adam([x], lr=ADAM_RATE)
        low = to_input(torch.zeros(1, 3, 1, 1))
        for _ in range(evaluations):
            step.step(loss)
            with torch.no_grad():
                x.clamp_(low, low + 255)
    else:
        step = torch.optim.LBFGS([x], max_iter=evaluations, max_eval=evaluations, tolerance_change=-1, tolerance_grad=-1)
        step.step(loss)
    with torch.no_grad():
        return ((x + torch.tensor(CAFFE_MEAN_BGR).view(1, 3, 1, 1)) / 255).flip(1)


def main() -> None:
    weights, plan = sys.argv[1], json.loads(sys.argv[2])
    dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}[plan["precision"]]
    network = Network(torch.load(weights, weights_only=True), dtype, torch.channels_last)
    for content, style, result in plan["rows"]:
        photo = images.read(content)
        images.write(stylized(Objective(network, photo, images.read(style)), photo, plan["optimizer"], plan["evaluations"]), result)


if __name__ == "__main__":
    main()
