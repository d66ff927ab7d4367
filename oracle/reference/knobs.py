"""The knobs' values: those of a preset, as Preset.java states them, under a case's own."""

import re
from pathlib import Path

PRESET_SOURCE = Path(__file__).parents[2] / "src/main/java/nst/model/Preset.java"


def lines(block: str) -> dict[str, str]:
    stated = (line.strip() for line in block.strip().splitlines())
    pairs = (line.split("=", 1) for line in stated if not line.startswith("#"))
    return {key: value for key, value in pairs}


def presets() -> dict[str, dict[str, str]]:
    """Every preset's values by its label; the text blocks of Preset.java are the one statement of them."""
    source = PRESET_SOURCE.read_text()
    neutral = re.search(r'NEUTRAL\s*=\s*"""(.*?)"""', source, re.DOTALL)
    stated = re.findall(
        r'^  ([A-Z0-9_]+)\(\s*"[^"]*"(?:\s*\+\s*"[^"]*")*,\s*"""(.*?)"""\)', source, re.DOTALL | re.M
    )
    if neutral is None or not stated:
        raise ValueError(f"no presets in {PRESET_SOURCE}")
    return {
        name.lower().replace("_", "-"): {**lines(neutral.group(1)), **lines(differences)}
        for name, differences in stated
    }


class Knobs:
    def __init__(self, preset: str, own: dict[str, str]):
        values = presets()[preset]
        unknown = own.keys() - values.keys()
        if unknown:
            raise ValueError(f"no knobs {sorted(unknown)}")
        self.values = {**values, **own}

    def text(self, key: str) -> str:
        return self.values[key]

    def real(self, key: str) -> float:
        return float(self.values[key])

    def whole(self, key: str) -> int:
        return int(self.values[key])

    def layers(self, key: str) -> dict[str, float]:
        pairs = (part.split(":") for part in self.values[key].split(",") if part)
        return {name: float(weight) for name, weight in pairs}
