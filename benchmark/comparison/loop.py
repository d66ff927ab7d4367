"""The loop that a good PyTorch engineer would write, on the same objective: the network loaded once, frozen, channels-last, no copy between steps.

python -m comparison.loop WEIGHTS STYLE SIDE-BY-SIDE-JSON with {"pooling", "precision", "optimizer", "evaluations", "pairs": [[content, result], ...]}
"""

import json
import sys
import time

import torch
from safetensors.torch import load_file

from . import images
from .objective import CAFFE_MEAN_BGR, Network, Objective, to_input

ADAM_RATE = 10.0  # of 255: neural-style-pt's own for Adam is 1


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
    weights, style, plan = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}[plan["precision"]]
    network = Network(load_file(weights), plan["pooling"], dtype, torch.channels_last)
    painting = images.read(style)
    for content, result in plan["pairs"]:
        began = time.perf_counter()
        photo = images.read(content)
        images.write(stylized(Objective(network, photo, painting), photo, plan["optimizer"], plan["evaluations"]), result)
        print(json.dumps({"content": content, "seconds": time.perf_counter() - began}), flush=True)


if __name__ == "__main__":
    main()
