"""Exports a run to Weights & Biases in its offline format: a run for each row, in one group."""

import hashlib
import shutil
from collections import Counter
from pathlib import Path

import output
import wandb
from output import FAILED, Row, Run

DIGITS = 16
COMPLETE = "nst-complete"  # a file in the folder of each run that was written to its end
TOGETHER = 100  # rows whose files are completed together, because that ends a process


def export(run: Run, directory: Path, project: str, pictures: bool, curves: bool) -> Counter:
    """Exports all rows that are not yet in the directory. `wandb sync` uploads it."""
    directory.mkdir(parents=True, exist_ok=True)
    counts = Counter()
    written = []
    for row in run.rows(curves):
        identifier = _identifier(run, row)
        if _is_there(directory, identifier):
            counts["there already"] += 1
        else:
            written.append(_export(run, row, identifier, directory, project, pictures))
            counts["exported"] += 1
        if len(written) == TOGETHER:
            _complete(written)
    _complete(written)
    return counts


def _complete(written: list[Path]) -> None:
    """Waits until the files of runs are on the disk. `finish` returns while another process may still write them."""
    wandb.teardown()
    for folder in written:
        (folder / COMPLETE).touch()
    written.clear()


def _identifier(run: Run, row: Row) -> str:
    """The same for each export of the row, so that a row that is synchronised twice is one run."""
    return hashlib.sha256("\n".join((*run.identity, str(row.number))).encode()).hexdigest()[:DIGITS]


def _is_there(directory: Path, identifier: str) -> bool:
    """Whether the row was exported before. What a stopped export has left of it is deleted."""
    for folder in directory.glob(f"wandb/offline-run-*-{identifier}"):
        if (folder / COMPLETE).exists():
            return True
        shutil.rmtree(folder)
    return False


def _export(run: Run, row: Row, identifier: str, directory: Path, project: str, pictures: bool) -> Path:
    """Returns the folder of the row's run."""
    logged = wandb.init(
        project=project,
        dir=directory,
        id=identifier,
        name=row.id,
        group=f"{run.date} {run.id}"[-128:],
        job_type="row",
        tags=[row.status],
        config=row.parameters | {"column": {name: _plain(value) for name, value in row.own.items()}},
        mode="offline",
        # The machine of the export says nothing about the run.
        settings=wandb.Settings(console="off", silent=True, disable_git=True, save_code=False, x_disable_stats=True, x_disable_meta=True),
    )
    logged.define_metric("iterate/*", step_metric="iterate/iteration")
    for iterate in row.curve:
        logged.log({f"iterate/{name}": value for name, value in {"iteration": iterate.iteration, **iterate.values}.items()})
    if pictures and row.picture and output.exists(row.picture):
        with output.local(row.picture) as path:
            logged.log({"picture": wandb.Image(str(path))})
    facts = {"row": row.number, "key": row.key, "status": row.status, "output_uri": row.output_uri}
    logged.summary.update(facts | row.failure | row.measures)
    folder = Path(logged.dir).parent
    logged.finish(exit_code=1 if row.status == FAILED else 0)
    return folder


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) else str(value)
