"""Compares the pictures of two sizes: python -m looks.sizes --help.

A sweep at a small size answers for a larger one if its pictures look the same. Each picture at the larger size is reduced to
the small one (Lanczos) and compared with the picture that was made there. The maps are those of looks.scores, which the
optimiser does not use. Both numbers are relative: 0 is the same picture, 1 is as far from it as the photo is.

    place    the distance of normalised relu3_3 at each position (the manner of LPIPS): where strokes and colours are
    texture  the mean over relu2_2, 3_3, 4_3 of the sliced Wasserstein distance of the features, wherever they are

The other columns are the scores of looks.scores at the larger size.
"""

import argparse
import csv
import json
import re
import subprocess
from pathlib import Path

import torch
from PIL import Image, ImageDraw
from safetensors.torch import load_file

from .pictures import longest, read, resized, shape_of
from .scores import LAYERS, network, perceived, scores, sliced

HOME = Path(__file__).resolve().parents[2]
SHOWN = ("style", "strokes", "content", "detail", "grain")
SMALL = "small"  # the picture of the small size, with the preset as it is
# The differences from the preset at the larger size.
SETTINGS: dict[str, dict[str, float]] = {
    "as it is": {},
    "coarse_share 0.7": {"coarse_share": 0.7},
    "40 steps, coarse_share 0.75": {"num_iterations": 40, "coarse_share": 0.75},
    "45 steps, coarse_share 0.67": {"num_iterations": 45, "coarse_share": 0.67},
    "70 steps, coarse_share 0.857": {"num_iterations": 70, "coarse_share": 0.857},
    "40 steps, coarse_share 0.75, scale_ratio 4": {"num_iterations": 40, "coarse_share": 0.75, "scale_ratio": 4},
    "one scale": {"smallest_size": 0},
    "smallest_size halved": {"smallest_size": 128},
    "content_weight 0.025": {"content_weight": 0.025},
    "content_weight 0.1": {"content_weight": 0.1},
    "style_scale 0.5": {"style_scale": 0.5},
    "style_scale 1.5": {"style_scale": 1.5},
}
# The same at the small size: how much a look changes without a change of size.
CONTROLS: dict[str, dict[str, float]] = {"45 steps": {"num_iterations": 45}, "content_weight 0.07": {"content_weight": 0.07}}


def name(photo: Path, painting: Path) -> str:
    return f"{photo.stem}-{painting.stem}"


def label(size: int, setting: str) -> str:
    return f"{size} px, {setting}"


def row_id(pair: str, size: int, setting: str) -> str:
    """The id of the row, which is also the name of its picture."""
    return re.sub(r"[^A-Za-z0-9.]+", "_", f"{pair}_{size}_{setting}")


def stylize(options: argparse.Namespace, wanted: list[tuple[int, str, dict]]) -> Path:
    """Makes the pictures of every pair with ./submit.sh run; returns the folder with one picture for each id."""
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    columns = sorted({knob for _, _, knobs in wanted for knob in knobs})
    manifest = work / "manifest.csv"
    with open(manifest, "w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["id", "content", "style", "image_size", *columns])
        for photo, painting in options.pair:
            for size, setting, knobs in wanted:
                row = row_id(name(photo, painting), size, setting)
                table.writerow([row, photo.resolve(), painting.resolve(), size, *(knobs.get(knob, "") for knob in columns)])
    folders = sorted({str(path.resolve().parent) for pair in options.pair for path in pair})
    prefixes = ["--uri-allowed-prefixes", ",".join(folders)]
    submit = HOME / "submit.sh"
    subprocess.run([submit, "run", manifest, "--output", work / "output", *prefixes], check=True)
    shown = ["publish", "--output", work / "output", "--to", work / "pictures", "--names", "{id}.{ext}", "--overwrite"]
    subprocess.run([submit, *shown], check=True, stdout=subprocess.DEVNULL)
    return work / "pictures"


@torch.no_grad()
def apart(net, picture: torch.Tensor, small: torch.Tensor, photo: torch.Tensor) -> dict[str, float]:
    """Returns place and texture of a picture, all (3, h, w) in [0, 1] and of the small size."""
    ours, its, theirs = (net.maps(image[None], set(LAYERS)) for image in (picture, small, photo))
    gaps = [sliced(ours[n], its[n]) / sliced(theirs[n], its[n]) for n in LAYERS]
    place = perceived(ours["relu3_3"], its["relu3_3"]) / perceived(theirs["relu3_3"], its["relu3_3"])
    return {"place": place.item(), "texture": (sum(gaps) / len(gaps)).item()}


def sheet(file: Path, rows: list[list[Path]], titles: list[str], width: int = 420, title: int = 20) -> None:
    """Draws one row for each pair, with all pictures at the same width."""
    images = [[Image.open(cell).convert("RGB") for cell in row] for row in rows]
    images = [[cell.resize((width, round(width * cell.height / cell.width)), Image.Resampling.LANCZOS) for cell in row] for row in images]
    whole = Image.new("RGB", (width * len(titles), title + sum(row[0].height for row in images)), "white")
    pen = ImageDraw.Draw(whole)
    for column, text in enumerate(titles):
        pen.text((column * width + 6, 4), text, fill="black")
    top = title
    for row in images:
        for column, cell in enumerate(row):
            whole.paste(cell, (column * width, top))
        top += row[0].height
    whole.save(file, quality=85)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh sizes",
        description="Makes pictures of each pair at two sizes with ./submit.sh run and the default preset, the larger ones with several"
        " settings, and prints how far each is from the small one. Begun again with the same WORK, it makes only what is missing.",
    )
    parser.add_argument("weights", type=Path, help="VGG16's convolutions, safetensors")
    parser.add_argument("work", type=Path, help="where pictures and results go")
    parser.add_argument("--pair", type=Path, nargs=2, action="append", required=True, metavar=("PHOTO", "PAINTING"))
    parser.add_argument("--small", type=int, default=256, help="the size of the sweep (default: %(default)s)")
    parser.add_argument("--large", type=int, default=512, help="the size that it should answer for (default: %(default)s)")
    parser.add_argument("--setting", action="append", choices=SETTINGS, help="only these settings; may be repeated")
    parser.add_argument("--no-controls", action="store_true", help="without the pictures of other settings at the small size")
    parser.add_argument("--sheet", type=Path, help="also draw the pictures of these settings, without the controls, as a JPEG file")
    options = parser.parse_args()
    controls = {} if options.no_controls else CONTROLS
    wanted = [(options.small, SMALL, {})]
    wanted += [(options.small, setting, knobs) for setting, knobs in controls.items()]
    wanted += [(options.large, setting, SETTINGS[setting]) for setting in options.setting or SETTINGS]
    pictures = stylize(options, wanted)
    net = network({key: value.float() for key, value in load_file(options.weights).items()}, "cpu")
    rows = []
    for photo_file, painting_file in options.pair:
        pair = name(photo_file, painting_file)
        photo, painting = read(photo_file), read(painting_file)
        small = read(pictures / f"{row_id(pair, options.small, SMALL)}.png")
        for size, setting, _ in wanted:
            picture = read(pictures / f"{row_id(pair, size, setting)}.png")
            reduced = resized(picture, shape_of(small))
            values = apart(net, reduced, small, resized(photo, shape_of(small)))
            style = resized(painting, longest(shape_of(painting), size))
            own = scores(net, picture[None], resized(photo, shape_of(picture)), style)
            values |= {key: own[key].item() for key in SHOWN}
            rows.append({"pair": pair, "setting": label(size, setting), **values})
    if options.sheet:
        drawn = [(size, setting) for size, setting, _ in wanted if setting not in controls]
        files = [[pictures / f"{row_id(name(*pair), *cell)}.png" for cell in drawn] for pair in options.pair]
        sheet(options.sheet, files, [label(*cell) for cell in drawn])
    (options.work / "results.json").write_text(json.dumps(rows, indent=1))
    names = ("place", "texture", *SHOWN)
    print(f"means of {len(options.pair)} pairs\n\n| picture | {' | '.join(names)} |")
    print("|---" * (len(names) + 1) + "|")
    for size, setting, _ in wanted:
        mine = [row for row in rows if row["setting"] == label(size, setting)]
        means = [sum(row[key] for row in mine) / len(mine) for key in names]
        print(f"| {label(size, setting)} | {' | '.join(f'{mean:.3f}' for mean in means)} |")


if __name__ == "__main__":
    main()
