"""Writes the references (regenerate), or computes them again and compares (check)."""

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

import torch

from .cases import EVERY_LAYER, TRAINED, Case, all_cases
from .images import FIXTURES, read, write_fixtures
from .knobs import Knobs
from .networks import fixture_tensor, shapes_of
from .objective import Units
from .trajectory import (
    WEIGHTS_SEED,
    Runner,
    decoded,
    deviations,
    encoded,
    encoded_levels,
    rounded,
    worst,
)
from .training import TRAININGS, TrainingCase, faults_of_training, regenerate_training

FOLDER = Path(__file__).parents[2] / "src/test/resources/oracle"
# The tolerance between float64 on two machines: the order of sums differs, and an optimiser amplifies the difference.
TOLERANCE = 1e-6
# Other files in the folder: check values, and a photo and a painting that are not generated.
OTHERS = {"weights.json", "features.json", "photo-96x64.png", "painting-96x64.png"}
FIRST = 3  # the number of iterates of each trajectory that check computes


def case_json(case: Case, runner: Runner) -> dict:
    until = 0 if case.start_only else None
    precise = runner.run(case, torch.float64, until=until)
    single = runner.run(case, torch.float32, until=until)
    jittered = runner.run(case, torch.float32, jitter=1, until=until)
    gaps = [deviations(run["iterations"], precise["iterations"]) for run in (single, jittered)]

    def deviation(of: str = "") -> list[float]:
        return [float(f"{max(worst(gap, of) for gap in pair):.1e}") for pair in zip(*gaps)]

    cosine = torch.nn.functional.cosine_similarity(
        precise["gradient"], single["gradient"], dim=0
    ).item()
    return rounded(
        {
            "case": case.name,
            "preset": case.preset,
            "knobs": case.knobs,
            "network": case.network,
            "weights_seed": WEIGHTS_SEED,
            "content": case.content,
            "styles": [
                {"image": s.image, "weight": s.weight, "mask": s.mask, "style_mask": s.style_mask}
                for s in case.styles
            ],
            "iterations": precise["iterations"],
            **({} if case.start_only else end_json(precise)),
            "gradient": encoded(precise["gradient"]),
            "float32_deviation": deviation(),
            "float32_deviation_of_gradient_norm": deviation("gradient_norm"),
            "float32_gradient_cosine": cosine,
        }
    )


def end_json(run: dict) -> dict:
    return {
        "stop_reason": run["stop_reason"],
        "saved": run["saved"],
        "image": encoded_levels(run["image"]),
    }


def features_json(runner: Runner) -> dict:
    """Returns the trained network's maps of one photo by layer: shape, mean, root mean square, and every 997th value."""
    case = Case("features", "gatys", {"backbone": "vgg16"}, **TRAINED)
    knobs = Knobs(case.preset, case.knobs)
    layers = {layer.split(":")[0] for layer in EVERY_LAYER["vgg16"].split(",")}
    x = read(FOLDER / case.content, torch.float64)
    fed = Units("standardized", torch.float64).of_pixels(x)
    with torch.no_grad():
        maps = runner.network(case, knobs, torch.float64).maps(fed, layers)

    def entry(layer_map: torch.Tensor) -> dict:
        values = layer_map.reshape(-1)
        return {
            "shape": list(layer_map.shape),
            "mean": values.mean().item(),
            "root_mean_square": values.square().mean().sqrt().item(),
            "values": values[::997].tolist(),
        }

    return rounded({layer: entry(maps[layer]) for layer in sorted(maps)})


def weights_json() -> dict:
    """Returns the first values of some tensors, so that another program can check that it has the same weights."""
    def entry(name: str, shape, index: int) -> dict:
        values = fixture_tensor(name, shape, WEIGHTS_SEED, index).reshape(-1)
        head = [float(value) for value in values[:4]]
        total = values.to(torch.float64).sum().item()
        return {"index": index, "shape": list(shape), "first": head, "last": float(values[-1]), "sum": total}

    return {
        backbone: {
            name: entry(name, shape, index)
            for index, (name, shape) in enumerate(shapes_of(backbone).items())
            if index < 6 or index == len(shapes_of(backbone)) - 1
        }
        for backbone in ("vgg19", "vgg16", "mobilenet_v2")
    }


def text(value: dict) -> str:
    """Formats JSON with one line for each iterate."""
    lines = []
    for key, part in value.items():
        if key == "iterations":
            rows = ",\n    ".join(json.dumps(row) for row in part)
            lines.append(f'  "iterations": [\n    {rows}\n  ]')
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(part)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def regenerate(names: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_fixtures(FOLDER)
    runner, cases = Runner(FOLDER), all_cases()
    expected = {f"{case.name}.json" for case in cases} | OTHERS | FIXTURES.keys()
    for stale in FOLDER.iterdir():
        if stale.is_file() and stale.name not in expected:
            stale.unlink()
    (FOLDER / "weights.json").write_text(text(weights_json()))
    (FOLDER / "features.json").write_text(text(features_json(runner)))
    for case in cases:
        if names and case.name not in names:
            continue
        value = case_json(case, runner)
        (FOLDER / f"{case.name}.json").write_text(text(value))
        print(
            f"{case.name:45} float32: off by {max(value['float32_deviation']):.1e} at most,"
            f" gradient norm {max(value['float32_deviation_of_gradient_norm']):.1e},"
            f" gradient's cosine {value['float32_gradient_cosine']:.8f}",
            flush=True,
        )
    for training in TRAININGS:
        if not names or f"training/{training.name}" in names:
            regenerate_training(training, runner)


@cache
def own_runner() -> Runner:
    """Returns this process's runner, which has the networks in memory."""
    return Runner(FOLDER)


def faults_of_training_alone(training: TrainingCase) -> list[str]:
    return faults_of_training(training, own_runner(), TOLERANCE)


def faults_of(case: Case, iterates: int) -> list[str]:
    runner = own_runner()
    path = FOLDER / f"{case.name}.json"
    if not path.exists():
        return ["no reference"]
    committed = json.loads(path.read_text())
    if committed["preset"] != case.preset or committed["knobs"] != case.knobs:
        return ["other knobs"]
    steps = int(Knobs(case.preset, case.knobs).text("num_iterations"))
    if committed["iterations"][-1]["iteration"] > steps:
        return ["another number of iterations"]
    kept = committed["iterations"][:iterates]
    whole = len(kept) == len(committed["iterations"])
    until = None if whole and not case.start_only else len(kept) - 1
    today = runner.run(case, torch.float64, until=until)
    faults = []
    if len(today["iterations"]) != len(kept):
        return ["another number of iterates"]
    if "saved" in today and (
        today["stop_reason"] != committed["stop_reason"]
        or any(abs(today["saved"][k] / v - 1) > TOLERANCE for k, v in committed["saved"].items() if v)
    ):
        faults.append("another end")
    for iterate, gaps in enumerate(deviations(rounded(today["iterations"]), kept)):
        gap = max(worst(gaps), worst(gaps, "gradient_norm"))
        if gap > TOLERANCE:
            faults.append(f"iterate {iterate} differs by {gap:.1e}")
    reference = decoded(committed["gradient"])
    cosine = torch.nn.functional.cosine_similarity(today["gradient"], reference, dim=0).item()
    if not cosine > 1 - 1e-9:
        faults.append(f"gradient's cosine is {cosine}")
    return faults


def check(names: list[str], iterates: int) -> int:
    runner, failed = Runner(FOLDER), 0
    committed = json.loads((FOLDER / "weights.json").read_text())
    if committed != weights_json():
        print("weights.json: the weights' formula gives other values")
        failed += 1
    features = json.loads((FOLDER / "features.json").read_text())
    today = features_json(runner)
    if features.keys() != today.keys() or any(
        abs(features[layer]["root_mean_square"] / of["root_mean_square"] - 1) > TOLERANCE
        for layer, of in today.items()
    ):
        print("features.json: the trained network gives other maps")
        failed += 1
    cases = [case for case in all_cases() if not names or case.name in names]
    trainings = [case for case in TRAININGS if not names or f"training/{case.name}" in names]
    # The tensors are small: several processes with one thread each are faster than one process with several. Each of them
    # has the networks in memory.
    workers = min(8, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        of_trainings = pool.map(faults_of_training_alone, trainings)
        of_cases = pool.map(partial(faults_of, iterates=iterates), cases)
        for case, faults in zip(cases, of_cases):
            if faults:
                failed += 1
                print(f"{case.name}: {'; '.join(faults)}", flush=True)
        for training, faults in zip(trainings, of_trainings):
            if faults:
                failed += 1
                print(f"training/{training.name}: {'; '.join(faults)}", flush=True)
    print(f"{len(cases) + len(trainings)} references computed again, {failed} differ")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="reference", description=__doc__)
    parser.add_argument("command", choices=("regenerate", "check"))
    parser.add_argument("case", nargs="*", help="only these cases")
    parser.add_argument("--whole", action="store_true", help="check every iterate, not only the first ones")
    arguments = parser.parse_args()
    if arguments.command == "check":
        return check(arguments.case, sys.maxsize if arguments.whole else FIRST)
    regenerate(arguments.case)
    return 0


if __name__ == "__main__":
    sys.exit(main())
