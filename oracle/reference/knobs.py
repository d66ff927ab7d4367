"""The values of the knobs: those of a preset, read from the program's recipes, with the changes of a case."""

from pathlib import Path

RECIPES = Path(__file__).parents[2] / "src/main/resources/nst/model/presets"


def recipe(label: str) -> dict[str, str]:
    lines = (RECIPES / f"{label}.properties").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def presets() -> dict[str, dict[str, str]]:
    """Returns the values of every preset by label."""
    neutral = recipe("neutral")
    labels = sorted(path.stem for path in RECIPES.glob("*.properties"))
    return {label: {**neutral, **recipe(label)} for label in labels if label != "neutral"}


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
