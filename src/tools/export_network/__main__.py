"""Writes a style network that nst trained as an ONNX and a TorchScript file, for programs that do not use nst.

    pip install --no-deps -r src/tools/export_network/requirements.txt
    python src/tools/export_network out/networks/v1/<key>.safetensors night

This writes night.onnx and night.pt. Both have the same inputs and output, in float32:

    photo    (images, 3, height, width): RGB in [0, 1], red first. Each side has at least 5 pixels.
    blend    (looks): the share of each look; the shares add up to 1. Only if the network has several looks, without --look.
    picture  (images, 3, height, width): RGB in [0, 1].

docs/networks.md, Other programs, has examples. `check.py` compares the files with the engine. Only TorchScript needs torch.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from network import Network, read


def write_onnx(network: Network, path: Path) -> None:
    from onnx_graph import model

    path.write_bytes(model(network).SerializeToString(deterministic=True))


def write_torchscript(network: Network, path: Path) -> None:
    from torchscript_module import save

    save(network, path)


WRITERS: dict[str, tuple[str, Callable[[Network, Path], None]]] = {
    "onnx": (".onnx", write_onnx),
    "torchscript": (".pt", write_torchscript),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="export_network", description=__doc__.splitlines()[0])
    parser.add_argument("network", type=Path, help="the .safetensors that nst train wrote")
    parser.add_argument("target", help="the path of the new files without extension")
    parser.add_argument("--format", choices=WRITERS, action="append", help="write only this format; may be repeated")
    parser.add_argument("--look", type=int, help="write only this look, counted from 0; the files have no input blend")
    arguments = parser.parse_args()
    network = read(arguments.network, arguments.look)
    for chosen in dict.fromkeys(arguments.format or WRITERS):
        extension, write = WRITERS[chosen]
        path = Path(arguments.target + extension)
        write(network, path)
        print(f"{path}: {path.stat().st_size} bytes")
    for number, look in enumerate(network.looks):
        print(f"blend[{number}]: {look}" if network.is_blended else f"look: {look}")


if __name__ == "__main__":
    main()
