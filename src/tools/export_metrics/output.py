"""Reads the output of nst: its finished runs, their rows, the curves of the rows and the pictures.

Arrow reads local folders and S3. On S3, credentials come from the AWS chain, the region from AWS_REGION, and the address of another
server from AWS_ENDPOINT_URL.
"""

import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow.dataset as ds
from pyarrow import fs

sys.path.append(str(Path(__file__).resolve().parents[3] / "airflow" / "include"))
from nst_airflow import storage  # noqa: E402  it needs no Airflow

BATCH = 500  # rows in memory
IMAGES = "images/v1"
MADE = "OK"
FAILED = "FAILED"
# Numbers of the image as saved, and of its making. docs/outputs.md describes them.
MEASURES = (
    "content_loss",
    "style_loss",
    "tv_loss",
    "total_loss",
    "initial_total_loss",
    "width",
    "height",
    "iterations",
    "evaluations",
    "read_ms",
    "decode_ms",
    "optimize_ms",
    "encode_ms",
    "write_ms",
    "peak_memory_bytes",
    "output_bytes",
)
CURVES = ("content_loss", "style_loss", "tv_loss", "total_loss", "gradient_norm", "learning_rate")


class OutputError(Exception):
    """What was asked for is not in the output."""


@dataclass(frozen=True)
class Iterate:
    """The losses of one iterate of the optimiser."""

    iteration: int
    elapsed_ms: int
    values: dict[str, float]


@dataclass(frozen=True)
class Row:
    """A row of a run with everything that is exported of it.

    A row that is SKIPPED or DUPLICATE has the measures and the curve of the row that made its picture, if a finished run of this
    output has it.
    """

    number: int
    id: str
    key: str
    status: str
    failure: dict[str, str]
    parameters: dict[str, object]
    own: dict[str, object]
    measures: dict[str, float]
    started: datetime | None
    finished: datetime | None
    output_uri: str | None
    picture: str | None  # where the picture is now: the output may have been copied since
    curve: list[Iterate]


@dataclass(frozen=True)
class Run:
    """A finished run."""

    output: str
    folder: str
    record: dict

    @property
    def identity(self) -> tuple[str, str, str]:
        """What no other run has: the output as recorded, however it is called here, the date and the id."""
        return self.record["output"], self.date, self.id

    @property
    def id(self) -> str:
        return self.record["run_id"]

    @property
    def date(self) -> str:
        return self.record["run_date"]

    def rows(self, curves: bool) -> Iterator[Row]:
        """All rows in the order of the manifest."""
        table = _table(self.folder, "metrics")
        names = table.schema.names
        knobs = names[names.index("styles") + 1 : names.index("substituted_layers")] + ["precision"]
        own = names[names.index("predicted_seconds") + 1 :]
        elsewhere = self._made_elsewhere(table)
        for batch in table.to_batches(batch_size=BATCH):
            values = batch.to_pylist()
            makers = [(row, self.folder) if row["status"] == MADE else elsewhere.get(row["key"], ({}, "")) for row in values]
            found = _curves(makers) if curves else {}
            for row, (maker, _) in zip(values, makers, strict=True):
                yield _row(self.output, row, maker, knobs, own, found.get(maker.get("key"), []))

    def _made_elsewhere(self, table: ds.Dataset) -> dict[str, tuple[dict, str]]:
        """The row that made the picture, and its run, of each key that another row of this output made."""
        others = table.to_table(columns=["key"], filter=ds.field("status").isin(["SKIPPED", "DUPLICATE"]))
        missing = set(others["key"].to_pylist())
        rows: dict[str, tuple[dict, str]] = {}
        for run in reversed(runs(self.output)):
            if not missing:
                break
            made = (ds.field("status") == MADE) & ds.field("key").isin(sorted(missing))
            for row in _table(run.folder, "metrics").to_table(filter=made).to_pylist():
                rows[row["key"]] = row, run.folder
            missing -= rows.keys()
        return rows


def run(output: str, run_id: str | None) -> Run:
    """The run of this id, or the one that ended last."""
    found = [run for run in runs(output) if run_id in (None, run.id)]
    if not found:
        named = "" if run_id is None else f" with run_id={run_id}"
        raise OutputError(f"{output}: expected a finished run{named}, found none; a run is finished when it has a _RUN.json")
    return found[-1]


def runs(output: str) -> list[Run]:
    """All finished runs, the one that ended last at the end."""
    found = []
    for day in _children(f"{output.rstrip('/')}/runs", "run_date="):
        for folder in _children(day, "run_id="):
            store, path = _located(f"{folder}/_RUN.json")
            if store.get_file_info(path).type == fs.FileType.File:
                with store.open_input_stream(path) as stream:
                    found.append(Run(output, folder, json.loads(stream.read())))
    return sorted(found, key=lambda run: datetime.fromisoformat(run.record["finished_at"]))


@contextmanager
def local(uri: str) -> Iterator[Path]:
    """The picture as a local file."""
    store, path = _located(uri)
    if isinstance(store, fs.LocalFileSystem):
        yield Path(path)
    else:
        with tempfile.TemporaryDirectory() as folder, store.open_input_stream(path) as stream:
            copy = Path(folder, path.rsplit("/", 1)[-1])
            copy.write_bytes(stream.read())
            yield copy


def exists(uri: str) -> bool:
    store, path = _located(uri)
    return store.get_file_info(path).type == fs.FileType.File


def _row(output: str, row: dict, maker: dict, knobs: list[str], own: list[str], curve: list[Iterate]) -> Row:
    uri = None if row["status"] == FAILED else row["output_uri"]
    parameters = {"content": row["content"], "style": _style(row["styles"] or [])}
    parameters |= {name: maker.get(name, row[name]) for name in knobs}
    return Row(
        number=row["row"],
        id=row["id"],
        key=row["key"] or "",
        status=row["status"],
        failure={name: row[name] for name in ("error_code", "error_message") if row[name]},
        parameters={name: value for name, value in parameters.items() if value not in (None, "")},
        own={name: row[name] for name in own if row[name] is not None and not isinstance(row[name], bytes)},
        measures={name: maker[name] for name in MEASURES if maker.get(name) is not None},
        started=maker.get("started_at") or row["started_at"],
        finished=maker.get("finished_at") or row["finished_at"],
        output_uri=uri,
        picture=uri and f"{output.rstrip('/')}/{IMAGES}/{uri.split(f'/{IMAGES}/')[-1]}",
        curve=curve,
    )


def _style(styles: list[dict]) -> str:
    if len(styles) == 1:
        return styles[0]["uri"]
    return " + ".join(f"{style['weight']:g} {style['uri']}" for style in styles)


def _curves(makers: list[tuple[dict, str]]) -> dict[str, list[Iterate]]:
    """The curves by key, each in the order of its iterates."""
    keys = defaultdict(set)
    for maker, folder in makers:
        if maker:
            keys[folder].add(maker["key"])
    curves = defaultdict(list)
    for folder, wanted in keys.items():
        losses = _table(folder, "loss").to_table(filter=ds.field("key").isin(sorted(wanted)))
        for sample in losses.sort_by([("key", "ascending"), ("elapsed_ms", "ascending"), ("evaluations", "ascending")]).to_pylist():
            values = {name: sample[name] for name in CURVES}
            curves[sample["key"]].append(Iterate(sample["iteration"], sample["elapsed_ms"], values))
    return curves


def _table(folder: str, name: str) -> ds.Dataset:
    store, path = _located(f"{folder}/{name}")
    # Spark's timestamps are INT96 in microseconds and UTC. Arrow reads them without time zone.
    return ds.dataset(path, filesystem=store, format=ds.ParquetFileFormat(coerce_int96_timestamp_unit="us"))


def _children(folder: str, prefix: str) -> list[str]:
    """The folders directly in a folder whose names begin like this, sorted."""
    store, path = _located(folder)
    infos = store.get_file_info(fs.FileSelector(path, allow_not_found=True))
    return sorted(f"{folder}/{info.base_name}" for info in infos if info.base_name.startswith(prefix))


def _located(uri: str) -> tuple[fs.FileSystem, str]:
    """The file system and the path in it. Accepts relative paths as well."""
    try:
        return storage.locate(uri if re.match(r"\w+:/", uri) else os.path.abspath(uri))
    except ValueError as error:
        raise OutputError(str(error)) from None
