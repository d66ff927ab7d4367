"""Creates the folder for looks.grid: python -m looks.prepare --help."""

import argparse
import json
import shutil
from pathlib import Path

from PIL import Image

TUNE = {
    "astronaut": ("starry_night", "the_scream", "great_wave", "udnie"),
    "rocket_dusk": ("great_wave", "starry_night", "composition_vii", "wheat_field"),
    "cat": ("composition_vii", "wheat_field", "starry_night", "the_scream"),
    "pier_sunset": ("the_scream", "great_wave", "shipwreck", "starry_night"),
    "jemison": ("wheat_field", "udnie", "the_scream", "composition_vii"),
    "colosseum": ("starry_night", "shipwreck", "great_wave", "udnie"),
    "singapore_night": ("the_scream", "composition_vii", "wheat_field", "shipwreck"),
    "lake_sherburne": ("udnie", "starry_night", "shipwreck", "great_wave"),
}
HELD = {
    "grace_hopper": ("rhone", "woman_with_hat", "gris_picasso", "ocean_waves"),
    "desert_night": ("ocean_waves", "rhone", "water_lilies", "woman_with_hat"),
    "kitten": ("woman_with_hat", "mondrian_1913", "rhone", "gris_picasso"),
    "night_bridge": ("gris_picasso", "water_lilies", "rhone", "ocean_waves"),
    "douglass": ("water_lilies", "gris_picasso", "woman_with_hat", "mondrian_1913"),
    "mountain_tarn": ("rhone", "ocean_waves", "mondrian_1913", "water_lilies"),
    "casa_mila": ("mondrian_1913", "woman_with_hat", "ocean_waves", "rhone"),
    "grand_canyon": ("woman_with_hat", "rhone", "gris_picasso", "mondrian_1913"),
}
RATIOS = ((3, 2), (1, 1), (2, 3))


def cut(image: Image.Image) -> Image.Image:
    width, height = image.size
    across, down = max(RATIOS, key=lambda r: min(width // r[0], height // r[1]) ** 2 * r[0] * r[1])
    unit = min(width // across, height // down)
    new = (unit * across, unit * down)
    left, top = (width - new[0]) // 2, (height - new[1]) // 2
    image = image.crop((left, top, left + new[0], top + new[1]))
    if max(new) > 768:
        image = image.resize(tuple(768 * side // max(new) for side in new), Image.Resampling.LANCZOS)
    return image


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh prepare",
        description="Makes the folder that `grid` reads. IMAGES has the files of looks/pictures.tsv, each at most 1024 px. Photos are cut"
        " to 3:2, 1:1 or 2:3 about their middle, so that many share a shape and go in one batch. No held-out photo or painting is in a"
        " tuning pair.",
    )
    parser.add_argument("images", type=Path)
    parser.add_argument("weights", type=Path, help="VGG16's convolutions, safetensors")
    parser.add_argument("folder", type=Path, help="must not exist yet")
    options = parser.parse_args()
    images, weights, folder = options.images, options.weights, options.folder
    for kind in ("photos", "paintings"):
        (folder / kind).mkdir(parents=True)
    for pairs in (TUNE, HELD):
        for photo, paintings in pairs.items():
            cut(Image.open(images / "photos" / f"{photo}.jpg").convert("RGB")).save(folder / "photos" / f"{photo}.png")
            for painting in paintings:
                shutil.copy(images / "paintings" / f"{painting}.jpg", folder / "paintings")
    # Two paintings of each photo first, then the others.
    ordered = {
        split: [[photo, paintings[k]] for half in ((0, 1), (2, 3)) for k in half for photo, paintings in pairs.items()]
        for split, pairs in (("tune", TUNE), ("held", HELD))
    }
    (folder / "pairs.json").write_text(json.dumps(ordered))
    shutil.copy(weights, folder / "vgg16.safetensors")
    # so that the folder can be copied to another machine: python -m looks.grid . OUT
    shutil.copytree(Path(__file__).parent, folder / "looks", ignore=shutil.ignore_patterns("__pycache__"))


if __name__ == "__main__":
    main()
