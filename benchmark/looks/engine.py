"""Scores the engine's own pictures of whole photos: python -m looks.engine --help."""

import argparse
import json
import subprocess
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file

from .pictures import longest, read, recolored, resized, shape_of
from .prepare import HELD, TUNE
from .report import MOST
from .scores import frame, network, scores

HOME = Path(__file__).resolve().parents[2]
PAIRS = {"tuning": TUNE, "held-out": HELD}


def pairs() -> list[tuple[str, str, str]]:
    """(split, photo, painting) of all pairs."""
    return [(split, photo, painting) for split, table in PAIRS.items() for photo, paintings in table.items() for painting in paintings]


def launch(*arguments: object) -> None:
    subprocess.run([str(HOME / "submit.sh"), *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def stylize(images: Path, work: Path, size: int) -> Path:
    """Runs balanced on every pair; returns the output folder."""
    manifests = work / "manifests"
    for table in PAIRS.values():
        for photo, paintings in table.items():
            target = manifests / f"{photo}.parquet"
            if not target.exists():
                styles = [images / "paintings" / f"{painting}.jpg" for painting in paintings]
                launch("sweep", "--content", images / "photos" / f"{photo}.jpg", "--style", *styles, "--grid", f"image_size={size}", "--output", target)
    launch("run", manifests, "--output", work / "output", "--uri-allowed-prefixes", images)
    return work / "output"


def pictures(output: Path) -> dict[tuple[str, str], Path]:
    """Each picture by its pair, which its own record names."""
    found = {}
    for file in (output / "images").rglob("*.png"):
        record = "".join(str(text) for text in Image.open(file).text.values())
        for _, photo, painting in pairs():
            if f"/{photo}.jpg" in record and f"/{painting}.jpg" in record:
                found[photo, painting] = file
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh engine",
        description="Stylises the whole photos of all pairs with ./submit.sh run and the default preset, scores the pictures, and prints"
        " a table. Begun again with the same WORK, it goes on where it was.",
    )
    parser.add_argument("images", type=Path, help="folder with photos/ and paintings/, the files of looks/pictures.tsv")
    parser.add_argument("weights", type=Path, help="VGG16's convolutions, safetensors")
    parser.add_argument("work", type=Path, help="where manifests and pictures go")
    parser.add_argument("--size", type=int, default=256, help="image_size (default: %(default)s)")
    options = parser.parse_args()
    images, work = options.images.resolve(), options.work.resolve()
    found = pictures(stylize(images, work, options.size))
    missing = [pair for pair in pairs() if pair[1:] not in found]
    if missing:
        raise SystemExit(f"no picture of {missing}")
    net = network({name: value.float() for name, value in load_file(options.weights).items()}, "cpu")
    rows = []
    for split, photo_name, painting_name in pairs():
        picture = read(found[photo_name, painting_name])
        photo = resized(read(images / "photos" / f"{photo_name}.jpg"), shape_of(picture))
        painting = read(images / "paintings" / f"{painting_name}.jpg")
        values = scores(net, picture[None], photo, resized(painting, longest(shape_of(painting), options.size)))
        row = {"split": split, "photo": photo_name, "painting": painting_name, "scores": {name: value.item() for name, value in values.items()}}
        with torch.no_grad():
            row["frame of the photo"] = frame(photo[None]).item()
            row["frame of the recoloured photo"] = frame(recolored(photo, painting)[None]).item()
        rows.append(row)
    (work / "results.json").write_text(json.dumps(rows, indent=1))
    names = list(rows[0]["scores"])
    print(f"| pairs | {' | '.join(names)} | largest frame | frames above {MOST} | photos above {MOST} |")
    print("|---" * (len(names) + 4) + "|")
    for split in PAIRS:
        mine = [row for row in rows if row["split"] == split]
        means = [sum(row["scores"][name] for row in mine) / len(mine) for name in names]
        frames = [row["scores"]["frame"] for row in mine]
        own = sum(row["frame of the photo"] > MOST for row in mine)
        print(f"| {len(mine)} {split} | {' | '.join(f'{m:.3f}' for m in means)} | {max(frames):.2f} | {sum(f > MOST for f in frames)} | {own} |")
    print("\n| photo | painting | frame | the photo's own | the recoloured photo's |\n|---|---|---|---|---|")
    for row in rows:
        if row["scores"]["frame"] > MOST:
            print(f"| {row['photo']} | {row['painting']} | {row['scores']['frame']:.2f} | {row['frame of the photo']:.2f} | {row['frame of the recoloured photo']:.2f} |")


if __name__ == "__main__":
    main()
