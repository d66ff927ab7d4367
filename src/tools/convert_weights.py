"""Converts torchvision's weights (.pth) to the safetensors that nst reads, and prints the digest to pin.

    pip install torch safetensors
    python src/tools/convert_weights.py vgg19-dcbb9e9d.pth vgg19.safetensors

The tensors keep torchvision's names (features.0.weight ...) and become float32. Only the tensors of the features are kept; the classifier, which is most of VGG's file, is left out. The pickle is read with weights_only, so that it cannot run code.
"""

import argparse
import hashlib
from pathlib import Path

import torch
from safetensors.torch import save_file


def features(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Returns the float tensors of the features. The state_dict may be in "state_dict", and its names may begin with "module."."""
    state = state.get("state_dict", state)
    named = {name.removeprefix("module."): tensor for name, tensor in state.items()}
    kept = {
        name: tensor.to(torch.float32).contiguous()
        for name, tensor in named.items()
        if name.startswith("features.") and not name.endswith("num_batches_tracked")
    }
    if not kept:
        raise SystemExit(f"no tensor named features.*; the file holds {', '.join(list(named)[:5])}")
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="torchvision's .pth")
    parser.add_argument("target", type=Path, help="the .safetensors to write")
    arguments = parser.parse_args()
    tensors = features(torch.load(arguments.source, map_location="cpu", weights_only=True))
    save_file(tensors, arguments.target)
    digest = hashlib.sha256(arguments.target.read_bytes()).hexdigest()
    print(f"{len(tensors)} tensors in {arguments.target}")
    print(f"weights.sha256 = {digest}")


if __name__ == "__main__":
    main()
