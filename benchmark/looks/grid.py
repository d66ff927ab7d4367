"""Tries knobs on many pairs, on a GPU or (a little) on a CPU: python -m looks.grid FOLDER OUT [--seconds 150] [--tiny]

FOLDER has vgg16.safetensors, photos/, paintings/ and pairs.json: {"tune": [[photo, painting], ...], "held": [...]}. OUT gets
results.jsonl, a row for each picture with its knobs, losses as saved and scores, and pictures-N.tar of JPEGs named
SPLIT/SIZE/PHOTO--PAINTING/LABEL@STEPS.jpg. Best first: what is cut off by the time is what matters least.
"""

import argparse
import io
import json
import queue
import sys
import tarfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import torch
import torch.multiprocessing as processes
from PIL import Image
from safetensors.torch import load_file

from . import scores
from .method import EQUAL, Knobs, Library, Task, run
from .pictures import eight_bit, longest, read, recolored, resized, shape_of

TAR_BYTES, PIXELS = 15_000_000, 2_400_000
QUALITY = {256: 80, 512: 76}


def layers(*weights: float) -> tuple:
    return tuple(zip(EQUAL, weights))


def equally(*names: str) -> tuple:
    return tuple((name, 1 / len(names)) for name in names)


SHALLOW, DEEP = layers(0.3, 0.25, 0.2, 0.15, 0.1), layers(0.1, 0.15, 0.2, 0.25, 0.3)
LAYER_WEIGHTS = {
    "shallow": SHALLOW,
    "deep": DEEP,
    "no5": layers(0.25, 0.25, 0.25, 0.25, 0),
    "half5": layers(0.225, 0.225, 0.225, 0.225, 0.1),
    "no1": layers(0, 0.25, 0.25, 0.25, 0.25),
    "middle": layers(0.1, 0.2, 0.4, 0.2, 0.1),
    "strokes": layers(0.1, 0.2, 0.3, 0.3, 0.1),
}
MORE_LAYERS = {
    "seconds": equally("relu1_2", "relu2_2", "relu3_2", "relu4_2", "relu5_2"),
    "all": equally(*"relu1_1 relu1_2 relu2_1 relu2_2 relu3_1 relu3_2 relu3_3 relu4_1 relu4_2 relu4_3 relu5_1".split()),
    "ten": equally(*"relu1_1 relu1_2 relu2_1 relu2_2 relu3_1 relu3_3 relu4_1 relu4_3 relu5_1 relu5_3".split()),
}
CONTENT_LAYERS = {
    "relu4_1": (("relu4_1", 1.0),),
    "relu3_3": (("relu3_3", 1.0),),
    "relu5_2": (("relu5_2", 1.0),),
    "relu3_2+4_2": (("relu3_2", 0.3), ("relu4_2", 0.7)),
}


def stages() -> list[tuple[str, int, dict[str, Knobs], bool]]:
    """[(split, size, knobs by label, whether only half of the pairs)], the most important first."""
    small = replace(Knobs(), num_iterations=60, saves=(10, 20, 30, 45))
    mid = 0.05
    one = {f"cw{c:g}": replace(small, content_weight=c) for c in (0.3, 0.1, 0.05, 0.03, 0.02, 0.2, 0.07, 0.01)}
    at = replace(small, content_weight=mid)
    one |= {f"cw{mid}-tv{t:g}": replace(at, tv_weight=t) for t in (0, 0.01, 0.1, 0.3)}
    one |= {f"cw{c:g}-tv{t:g}": replace(small, content_weight=c, tv_weight=t) for c in (0.1, 0.03, 0.02) for t in (0.01, 0.1)}
    one |= {f"cw{c:g}-content": replace(small, content_weight=c, init="content") for c in (0.1, mid)}
    one |= {
        f"cw{mid}-random": replace(at, init="random"),
        f"cw{mid}-noise0.1": replace(at, noise_ratio=0.1),
        **{f"cw{mid}-scale{s:g}": replace(at, style_scale=s) for s in (0.5, 0.75, 1.5, 2)},
        **{f"cw{mid}-{name}": replace(at, style_layers=value) for name, value in LAYER_WEIGHTS.items()},
    }
    # At 512 px, with the pyramid.
    large = replace(Knobs(), image_size=512)
    two = {f"cw{c:g}": replace(large, content_weight=c) for c in (0.1, 0.05, 0.03, 0.02, 0.3)}
    big = replace(large, content_weight=mid)
    two |= {
        f"cw{mid}-one-scale": replace(big, smallest_size=0, saves=(20,)),
        f"cw{mid}-from128": replace(big, smallest_size=128),
        f"cw{mid}-tv0.1": replace(big, tv_weight=0.1),
        f"cw{mid}-tv0.01": replace(big, tv_weight=0.01),
        f"cw{mid}-steps60": replace(big, num_iterations=60),
        f"cw{mid}-steps20": replace(big, num_iterations=20),
        f"cw{mid}-share0.7": replace(big, coarse_share=0.7),
    }
    three = {
        "cw0.1-per_element": replace(small, gram="per_element"),
        "cw0.03-per_element": replace(small, gram="per_element", content_weight=0.03),
        "cw0.3-per_element": replace(small, gram="per_element", content_weight=0.3),
        "cw0.1-max": replace(small, pooling="max"),
        f"cw{mid}-max": replace(at, pooling="max"),
        f"cw{mid}-zeros": replace(at, padding="zeros"),
        **{f"cw{mid}-{name}": replace(at, style_layers=value) for name, value in MORE_LAYERS.items()},
        **{f"cw{mid}-content-{name}": replace(at, content_layers=value) for name, value in CONTENT_LAYERS.items()},
        f"cw{mid}-from128": replace(at, smallest_size=128, num_iterations=30, saves=()),
        f"cw{mid}-from128-share0.3": replace(at, smallest_size=128, num_iterations=30, saves=(), coarse_share=0.3),
        f"cw{mid}-move0.1": replace(at, first_move=0.1),
        f"cw{mid}-move0.5": replace(at, first_move=0.5),
        f"cw{mid}-tv-d2l": replace(at, tv_term="d2l"),
        f"cw{mid}-tv-d2l0.1": replace(at, tv_term="d2l", tv_weight=0.1),
        f"cw{mid}-fp32": replace(at, precision="float32"),
    }
    held_small = {f"cw{c:g}": replace(small, content_weight=c, num_iterations=30, saves=(20,)) for c in (0.1, 0.05, 0.03, 0.02)}
    held_small |= {f"cw{c:g}-tv0.1": replace(small, content_weight=c, tv_weight=0.1, num_iterations=30, saves=(20,)) for c in (0.1, 0.05, 0.03)}
    held_small["cw0.3"] = replace(held_small["cw0.1"], content_weight=0.3)
    held_small[f"cw{mid}-deep"] = replace(held_small["cw0.05"], style_layers=DEEP)
    held_small[f"cw{mid}-no5"] = replace(held_small["cw0.05"], style_layers=LAYER_WEIGHTS["no5"])
    held_large = {label: replace(knobs, image_size=512, saves=()) for label, knobs in held_small.items() if "no5" not in label}
    four = {
        "cw0.1-tv0.1": replace(large, tv_weight=0.1),
        "cw0.03-tv0.1": replace(large, content_weight=0.03, tv_weight=0.1),
        f"cw{mid}-deep": replace(big, style_layers=DEEP),
        f"cw{mid}-no5": replace(big, style_layers=LAYER_WEIGHTS["no5"]),
        f"cw{mid}-strokes": replace(big, style_layers=LAYER_WEIGHTS["strokes"]),
        f"cw{mid}-scale0.75": replace(big, style_scale=0.75),
        f"cw{mid}-scale1.5": replace(big, style_scale=1.5),
        f"cw{mid}-content": replace(big, init="content"),
        f"cw{mid}-zeros": replace(big, padding="zeros"),
        "cw0.1-max": replace(large, pooling="max"),
        "cw0.1-per_element": replace(large, gram="per_element"),
        f"cw{mid}-share0.3": replace(big, coarse_share=0.3),
        "cw0.1-from128": replace(large, smallest_size=128),
        f"cw{mid}-ratio1.41": replace(big, smallest_size=128, scale_ratio=2**0.5),
        f"cw{mid}-steps45": replace(big, num_iterations=45),
    }
    return [
        ("tune", 256, one, True),
        ("tune", 512, two, True),
        ("tune", 256, three, True),
        ("held", 512, held_large, True),
        ("held", 256, held_small, True),
        ("tune", 512, four, True),
        ("held", 512, held_large, False),
        ("held", 256, held_small, False),
        ("tune", 512, dict(list(two.items())[:5]), False),
    ]


def pair_halves(pairs: list, half: bool) -> list:
    """The first half of the list, or the rest of it."""
    return pairs[: (len(pairs) + 1) // 2] if half else pairs[(len(pairs) + 1) // 2 :]


def units(plan: list, pairs: dict, shapes: dict) -> list[tuple[str, list[Task]]]:
    """Batches: tasks of one shape and one Knobs.shared()."""
    result = []
    for split, size, knobs, half in plan:
        groups: dict = {}
        for label, own in knobs.items():
            for photo, painting in pair_halves(pairs[split], half):
                shape = longest(shapes[photo], size)
                groups.setdefault((own.shared(), shape), []).append(Task(photo, painting, label, own))
        for (_, shape), tasks in groups.items():
            most = max(1, PIXELS // (shape[0] * shape[1]))
            parts = -(-len(tasks) // most)
            for part in range(parts):
                result.append((split, tasks[part::parts]))
    return result


def kept(task: Task, steps: int) -> bool:
    """Whether the picture itself comes back."""
    if steps == task.knobs.num_iterations and steps <= 30 or steps == 30:
        return True
    return task.label in ("cw0.1", "cw0.03", "cw0.05", "cw0.05-random", "cw0.05-steps60") and steps in (20, 60) or steps == 45 == task.knobs.num_iterations


class Scorer:
    def __init__(self, library: Library, weights: dict):
        self.library = library
        self.net = scores.network(weights, library.device)

    def __call__(self, photo: str, painting: str, size: int, images: torch.Tensor) -> list[dict]:
        """Of 8-bit pictures (B, 3, H, W)."""
        pictures = self.library.pictures
        content = resized(pictures[photo], shape_of(images))
        style = resized(pictures[painting], longest(shape_of(pictures[painting]), size))
        rows = []
        for part in images.split(16 if size <= 256 else 4):
            values = scores.scores(self.net, part.float() / 255, content, style)
            values = torch.stack(list(values.values()), 1).tolist()
            rows += [dict(zip(NAMES, (round(v, 4) for v in row))) for row in values]
        return rows


NAMES = ("style", "strokes", "content", "detail", "frame", "grain", "colour_noise", "flat")


def jpeg(levels: torch.Tensor, size: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(levels.permute(1, 2, 0).numpy()).save(stream, "JPEG", quality=QUALITY.get(size, 86), subsampling=0 if size <= 256 else 2)
    return stream.getvalue()


def by_pair(tasks: list[Task]) -> dict:
    groups: dict = {}
    for index, task in enumerate(tasks):
        groups.setdefault((task.photo, task.painting), []).append(index)
    return groups


def done(split: str, tasks: list[Task], library: Library, scorer: Scorer, pool) -> list[tuple[dict, bytes | None]]:
    began = time.time()
    results = []
    for saved in run(library, tasks):
        terms = {name: value.tolist() for name, value in saved.terms.items()}
        seconds = time.time() - began
        levels = saved.images.cpu()
        files = [
            pool.submit(jpeg, levels[i], task.knobs.image_size) if kept(task, saved.iteration) else None
            for i, task in enumerate(tasks)
        ]
        scored: dict = {}
        for (photo, painting), members in by_pair(tasks).items():
            for i, row in zip(members, scorer(photo, painting, tasks[0].knobs.image_size, saved.images[members])):
                scored[i] = row
        for i, task in enumerate(tasks):
            row = {
                "split": split, "size": task.knobs.image_size, "photo": task.photo, "painting": task.painting,
                "label": task.label, "steps": saved.iteration,
                "losses": {name: float(f"{value[i]:.5g}") for name, value in terms.items()},
                "scores": scored[i], "batch": len(tasks), "evaluations": saved.evaluations / len(tasks), "batch_seconds": round(seconds, 2),
            }  # fmt: skip
            results.append((row, files[i].result() if files[i] else None))
    return results


def starts(pairs: dict, sizes: list[int], library: Library, scorer: Scorer) -> list[tuple[dict, None]]:
    """The scores of the photo, as it is and recoloured: what to compare with."""
    results = []
    for split in pairs:
        for photo, painting in pairs[split]:
            for size in sizes:
                content = resized(library.pictures[photo], longest(shape_of(library.pictures[photo]), size))
                images = torch.stack([content, recolored(content, library.pictures[painting])])
                for label, row in zip(("photo", "recolored"), scorer(photo, painting, size, eight_bit(images))):
                    results.append(({"split": split, "size": size, "photo": photo, "painting": painting, "label": label, "steps": 0, "scores": row}, None))
    return results


def worker(number: int, folder: str, device: str, todo, results, deadline: float, tiny: bool) -> None:
    try:
        torch.set_num_threads(1 if device == "cpu" else 2)
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        weights = {name: value.float() for name, value in load_file(Path(folder) / "vgg16.safetensors").items()}
        pictures = {path.stem: read(path) for kind in ("photos", "paintings") for path in sorted((Path(folder) / kind).iterdir())}
        library = Library(weights, pictures, device)
        scorer = Scorer(library, weights)
        results.put(("ready", number, time.time()))
        with ThreadPoolExecutor(4) as pool:
            while time.time() < deadline:
                try:
                    index, unit = todo.get(timeout=0.5)
                except queue.Empty:
                    break
                try:
                    if unit[0] == "starts":
                        found = starts(unit[1], unit[2], library, scorer)
                    else:
                        found = done(*unit, library, scorer, pool)
                    results.put(("done", index, found))
                except torch.OutOfMemoryError:
                    torch.cuda.empty_cache()
                    results.put(("failed", index, traceback.format_exc(limit=3)))
    except Exception:
        results.put(("failed", number, traceback.format_exc()))
    results.put(("end", number, None))


class Tars:
    def __init__(self, folder: Path, most: int):
        self.folder, self.most, self.number, self.bytes, self.dropped = folder, most, -1, TAR_BYTES, 0
        self.tar = None

    def add(self, name: str, data: bytes) -> None:
        if self.bytes + len(data) > TAR_BYTES:
            if self.number + 1 >= self.most:
                self.dropped += 1
                return
            self.close()
            self.number, self.bytes = self.number + 1, 0
            self.tar = tarfile.open(self.folder / f"pictures-{self.number}.tar", "w")
        info = tarfile.TarInfo(name)
        info.size = len(data)
        self.tar.addfile(info, io.BytesIO(data))
        self.tar.fileobj.flush()
        self.bytes += -(-len(data) // 512) * 512 + 512

    def close(self) -> None:
        if self.tar is not None:
            self.tar.close()


def main() -> None:
    began = time.time()
    parser = argparse.ArgumentParser(prog="looks.grid")
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=150, help="after which no batch is begun (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--tiny", action="store_true", help="a few small units, to see that it runs")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    pairs = json.loads((options.folder / "pairs.json").read_text())
    plan, sizes = stages(), [256, 512]
    if options.tiny:
        pairs = {split: [*some[:1], *some[-1:]] for split, some in pairs.items()}
        sizes = [64]
        plan = [
            (split, 64, {label: replace(k, image_size=64, num_iterations=3, saves=(2,), smallest_size=min(k.smallest_size, 32)) for label, k in list(knobs.items())[:5]}, half)
            for split, _, knobs, half in plan[:4]
        ]
    shapes = {}
    for path in (options.folder / "photos").iterdir():
        width, height = Image.open(path).size
        shapes[path.stem] = (height, width)
    work = units(plan, pairs, shapes)
    work.insert(min(4, len(work)), ("starts", pairs, sizes))
    deadline = began + options.seconds
    context = processes.get_context("spawn")
    todo, results = context.Queue(), context.Queue()
    for index, unit in enumerate(work):
        todo.put((index, unit))
    team = [
        context.Process(target=worker, args=(n, str(options.folder), options.device, todo, results, deadline, options.tiny), daemon=True)
        for n in range(options.workers)
    ]
    for process in team:
        process.start()
    tars, rows, finished, ended = Tars(options.out, 4), 0, 0, 0
    with (options.out / "results.jsonl").open("w") as file:
        while ended < len(team) and time.time() < deadline + 30:
            try:
                kind, number, found = results.get(timeout=1)
            except queue.Empty:
                continue
            if kind == "end":
                ended += 1
            elif kind == "ready":
                print(f"worker {number} ready after {found - began:.1f} s", flush=True)
            elif kind == "failed":
                print(f"unit {number} failed: {found}", flush=True)
            else:
                finished += 1
                for row, data in found:
                    file.write(json.dumps(row) + "\n")
                    rows += 1
                    if data is not None:
                        tars.add(f"{row['split']}/{row['size']}/{row['photo']}--{row['painting']}/{row['label']}@{row['steps']}.jpg", data)
                file.flush()
                last = found[-1][0]
                print(
                    f"{time.time() - began:6.1f} s  unit {number} ({finished} of {len(work)}): {last['split']} {last['size']} px {last['label']}"
                    f" x{last.get('batch', 0)} in {last.get('batch_seconds', 0)} s, {last.get('evaluations', 0):.1f} evaluations", flush=True,
                )  # fmt: skip
    tars.close()
    for process in team:
        if process.is_alive():
            process.terminate()
    print(f"{rows} pictures of {finished} units of {len(work)} in {time.time() - began:.0f} s; {tars.dropped} not kept for want of room")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
