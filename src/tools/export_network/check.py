"""Exports networks, and compares the pictures of the exported files with the engine's. `.ci/export.sh` runs it.

    python src/tools/export_network/check.py FOLDER

WriteExportCases makes the folder: for each case a network NAME.safetensors, and NAME-pictures.safetensors with photos, SIZE/photo, and the
engine's pictures of them, SIZE/BLEND, in float32.
"""

import subprocess
import sys
from pathlib import Path
from typing import Callable

import numpy as np
import onnxruntime
import torch
from safetensors.numpy import load_file

TOLERANCE = 1e-3  # in [0, 1]: a quarter of a level of 8 bits
PROGRAM = Path(__file__).parent
# Inputs by name to the picture.
Exported = Callable[[dict[str, np.ndarray]], np.ndarray]


def export(network: Path, target: Path, *options: str) -> dict[str, Exported]:
    """Exports a network as the command line does. Returns how to run each file."""
    subprocess.run([sys.executable, PROGRAM, network, target, *options], check=True, stdout=subprocess.DEVNULL)
    on_meta = torch.jit.load(f"{target}.pt", map_location="meta")
    if not all(buffer.is_meta for buffer in on_meta.buffers()):
        raise SystemExit(f"{target}.pt keeps parameters on the CPU")
    session = onnxruntime.InferenceSession(f"{target}.onnx", providers=["CPUExecutionProvider"])
    module = torch.jit.load(f"{target}.pt")

    def torchscript(inputs: dict[str, np.ndarray]) -> np.ndarray:
        with torch.no_grad():
            return module(**{name: torch.from_numpy(value) for name, value in inputs.items()}).numpy()

    return {"ONNX": lambda inputs: session.run(["picture"], inputs)[0], "TorchScript": torchscript}


def faults_of(case: Path, folder: Path) -> list[str]:
    expected = load_file(case)
    network = folder / case.name.replace("-pictures", "")
    blended = export(network, folder / f"{network.stem}-blended")
    second = export(network, folder / f"{network.stem}-second", "--look", "1")
    faults, worst = [], 0.0
    for name, picture in sorted(expected.items()):
        size, blend = name.split("/")
        if blend == "photo":
            continue
        photo, shares = expected[f"{size}/photo"], np.array(blend.split(","), np.float32)
        results = {form: run({"photo": photo, "blend": shares}) for form, run in blended.items()}
        if shares.tolist() == [0, 1]:
            results |= {f"{form} of one look": run({"photo": photo}) for form, run in second.items()}
            both = np.concatenate([photo, photo[..., ::-1]])
            results["ONNX of two photos"] = second["ONNX"]({"photo": both})[:1]
            results["TorchScript of two photos"] = second["TorchScript"]({"photo": both})[:1]
        if picture.std() < 0.1:
            faults.append(f"{network.stem} {name}: the engine's picture is too flat to compare, deviation {picture.std():.2f}")
        for form, result in results.items():
            gap = np.abs(result - picture).max() if result.shape == picture.shape else np.inf
            worst = max(worst, gap)
            if not gap <= TOLERANCE:
                faults.append(f"{network.stem} {name}: {form} differs by {gap:.1e}")
    first, other = (expected[f"{size}/{shares}"] for shares in ("1.0,0.0", "0.0,1.0"))
    if np.abs(first - other).max() < 100 * TOLERANCE:
        faults.append(f"{network.stem}: the two looks do not differ")
    print(f"{network.stem}: exported files differ from the engine by at most {worst:.1e}", flush=True)
    return faults


def main() -> int:
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    cases = sorted(folder.glob("*-pictures.safetensors"))
    faults = [fault for case in cases for fault in faults_of(case, folder)]
    for fault in faults:
        print(fault)
    print(f"{len(cases)} networks exported, {len(faults)} faults")
    return 1 if faults or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
