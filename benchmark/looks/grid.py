"""Computes images for many pairs and knobs, on a GPU or a CPU: python -m looks.grid --help."""

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
import torch.nn.functional as functional
from PIL import Image
from safetensors.torch import load_file

from . import scores
from .method import Library, Saved, Task, run
from .pictures import eight_bit, longest, read, recolored, resized, shape_of
from .plans import PLANS

TAR_BYTES, PIXELS = 15_000_000, 2_400_000


def pair_halves(pairs: list, half: bool) -> list:
    """Returns the first half of the list, or the rest of it."""
    return pairs[: (len(pairs) + 1) // 2] if half else pairs[(len(pairs) + 1) // 2 :]


def units(plan: list, pairs: dict, shapes: dict, pixels: int) -> list[tuple[str, list[Task]]]:
    """Groups tasks with the same shape and Knobs.shared() into batches."""
    result = []
    for split, size, knobs, half in plan:
        groups: dict = {}
        for label, own in knobs.items():
            for photo, painting in pair_halves(pairs[split], half):
                shape = longest(shapes[photo], size)
                groups.setdefault((own.shared(), shape), []).append(Task(photo, painting, label, own))
        for (_, shape), tasks in groups.items():
            most = max(1, pixels // (shape[0] * shape[1]))
            parts = -(-len(tasks) // most)
            for part in range(parts):
                result.append((split, tasks[part::parts]))
    return result


def kept(task: Task, steps: int) -> bool:
    """Whether the image itself is returned, and not only its scores."""
    return steps in (30, task.knobs.num_iterations)


def made(library: Library, tasks: list[Task]) -> list[Saved]:
    """Returns the images of the tasks. Those with a margin are computed on a larger canvas and cropped."""
    margin, size = tasks[0].knobs.margin, tasks[0].knobs.image_size
    if margin == 0:
        return run(library, tasks)
    larger = []
    for task in tasks:
        photo, name = library.pictures[task.photo], f"{task.photo}, {size} px, {margin} more"
        if name not in library.pictures:
            fitted = resized(photo, longest(shape_of(photo), size))
            library.pictures[name] = functional.pad(fitted[None], (margin,) * 4, mode="reflect")[0]
        side = size + 2 * margin
        smallest = task.knobs.smallest_size * side / size if task.knobs.smallest_size < size else 0
        knobs = replace(task.knobs, image_size=side, style_scale=task.knobs.style_scale * size / side, smallest_size=smallest)
        larger.append(Task(name, task.painting, task.label, knobs))
    return [replace(saved, images=saved.images[..., margin:-margin, margin:-margin]) for saved in run(library, larger)]


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


def jpeg(levels: torch.Tensor, quality: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(levels.permute(1, 2, 0).numpy()).save(stream, "JPEG", quality=quality, subsampling=0)
    return stream.getvalue()


def by_pair(tasks: list[Task]) -> dict:
    groups: dict = {}
    for index, task in enumerate(tasks):
        groups.setdefault((task.photo, task.painting), []).append(index)
    return groups


def done(split: str, tasks: list[Task], library: Library, scorer: Scorer, pool, quality: int) -> list[tuple[dict, bytes | None]]:
    began = time.time()
    results = []
    for saved in made(library, tasks):
        terms = {name: value.tolist() for name, value in saved.terms.items()}
        seconds = time.time() - began
        levels = saved.images.cpu()
        files = [
            pool.submit(jpeg, levels[i], quality) if kept(task, saved.iteration) else None
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
    """The scores of the photo and of the recoloured photo, for comparison."""
    results = []
    for split in pairs:
        for photo, painting in pairs[split]:
            for size in sizes:
                content = resized(library.pictures[photo], longest(shape_of(library.pictures[photo]), size))
                images = torch.stack([content, recolored(content, library.pictures[painting])])
                for label, row in zip(("photo", "recolored"), scorer(photo, painting, size, eight_bit(images))):
                    results.append(({"split": split, "size": size, "photo": photo, "painting": painting, "label": label, "steps": 0, "scores": row}, None))
    return results


def worker(number: int, folder: str, device: str, todo, results, deadline: float, threads: int, quality: int) -> None:
    try:
        torch.set_num_threads(threads)
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
                        found = done(*unit, library, scorer, pool, quality)
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
    cuda = torch.cuda.is_available()
    parser = argparse.ArgumentParser(
        prog="benchmark/looks.sh grid",
        description="Makes and scores the images of a plan. FOLDER is the output of `prepare`. OUT gets results.jsonl, a row for each"
        " picture with its losses as saved and its scores, and pictures-N.tar of SPLIT/SIZE/PHOTO--PAINTING/LABEL@STEPS.jpg. A stage comes"
        " after those that matter more, so that what the time cuts off matters least. 150 seconds of an H200 are a plan; a CPU core needs a"
        " minute or two for one picture of 256 px.",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--plan", choices=PLANS, default="chosen", help="see looks/plans.py (default: %(default)s)")
    parser.add_argument("--sizes", help="only these, for example 256")
    parser.add_argument("--labels", help="only these, for example cw0.1,four-zeros-cw0.05")
    parser.add_argument("--pairs", type=int, help="only the first pairs of each split")
    parser.add_argument("--seconds", type=float, default=1e9, help="time after which no batch is started (default: no limit)")
    parser.add_argument("--device", default="cuda" if cuda else "cpu", help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=4 if cuda else 1, help="processes (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each process (default: %(default)s)")
    parser.add_argument("--quality", type=int, default=92, help="quality of the JPEGs (default: %(default)s)")
    parser.add_argument("--tars", type=int, default=1000, help=f"the largest number of tar files, each of {TAR_BYTES // 1000000} MB (default: no limit)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    pairs = json.loads((options.folder / "pairs.json").read_text())
    if options.pairs:
        pairs = {split: some[: options.pairs] for split, some in pairs.items()}
    plan = PLANS[options.plan]()
    if options.sizes:
        plan = [stage for stage in plan if str(stage[1]) in options.sizes.split(",")]
    if options.labels:
        wanted = options.labels.split(",")
        plan = [(split, size, {k: v for k, v in knobs.items() if k in wanted}, half) for split, size, knobs, half in plan]
    shapes = {}
    for path in (options.folder / "photos").iterdir():
        width, height = Image.open(path).size
        shapes[path.stem] = (height, width)
    most = PIXELS if options.device != "cpu" else 1
    work = units(plan, pairs, shapes, most)
    work.insert(min(4, len(work)), ("starts", pairs, sorted({size for _, size, _, _ in plan})))
    deadline = began + options.seconds
    context = processes.get_context("spawn")
    todo, results = context.Queue(), context.Queue()
    for index, unit in enumerate(work):
        todo.put((index, unit))
    team = [
        context.Process(target=worker, args=(n, str(options.folder), options.device, todo, results, deadline, options.threads, options.quality), daemon=True)
        for n in range(options.workers)
    ]
    for process in team:
        process.start()
    tars, rows, finished, ended = Tars(options.out, options.tars), 0, 0, 0
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
