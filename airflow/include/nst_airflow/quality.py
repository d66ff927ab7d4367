"""The quality gate: reads the tables of a finished run and decides by several checks whether it may be published."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from nst_airflow import storage
from nst_airflow.outcome import ExitCode, RunRecord
from nst_airflow.runs import RunIdentity

_LOSSES = ("content_loss", "style_loss", "total_loss")
_COLUMNS = ("status", "error_code", "evaluations", *_LOSSES, "output_uri", "output_bytes")
_STATUSES = ("OK", "FAILED", "SKIPPED", "DUPLICATE")


@dataclass(frozen=True)
class Thresholds:
    min_rows: int
    max_failed_ratio: float
    min_ok_ratio: float
    max_non_finite: int
    loss_band: float
    history_runs: int
    image_sample: int


@dataclass(frozen=True)
class Check:
    name: str
    passed: bool
    found: str


@dataclass(frozen=True)
class Quality:
    """The verdict on one run."""

    checks: tuple[Check, ...]
    median_loss: float | None

    @property
    def faults(self) -> list[str]:
        return [f"{check.name}: {check.found}" for check in self.checks if not check.passed]

    def as_dict(self) -> dict[str, object]:
        return {"checks": [asdict(check) for check in self.checks], "median_loss": self.median_loss}


@dataclass(frozen=True)
class _Table:
    """The result of one pass over a metrics table: counts, losses and a sample, but not the rows."""

    statuses: Counter
    bad_losses: int
    non_finite_failures: int
    losses: pa.ChunkedArray
    sample: list[tuple[str | None, int | None]]

    @property
    def median(self) -> float | None:
        return _median(self.losses) if len(self.losses) else None


def assess(output: str, identity: RunIdentity, record: RunRecord, thresholds: Thresholds) -> Quality:
    table = _read(identity.folder(output), thresholds.image_sample, seed=identity.run_id)
    history = list(_medians_before(output, identity, record, thresholds.history_runs))
    return Quality(
        (
            _accounted_for(record, table),
            _enough_rows(record, thresholds),
            _few_failed(record, thresholds),
            _share_done(record, thresholds),
            _finite(table, thresholds),
            _median_in_band(table.median, history, thresholds),
            _images_are_there(output, table.sample),
        ),
        table.median,
    )


def _accounted_for(record: RunRecord, table: _Table) -> Check:
    recorded = dict(zip(_STATUSES, (record.ok, record.failed, record.skipped, record.duplicate), strict=True))
    counted = {status: table.statuses[status] for status in _STATUSES}
    passed = (
        sum(recorded.values()) == record.total and counted == recorded and sum(table.statuses.values()) == record.total
    )
    return Check(
        "every row is accounted for", passed, f"_RUN.json says {record.counts()}; metrics has {dict(table.statuses)}"
    )


def _enough_rows(record: RunRecord, thresholds: Thresholds) -> Check:
    return Check(
        "the catalogue is not empty", record.total >= thresholds.min_rows,
        f"{record.total} rows, at least {thresholds.min_rows} wanted",
    )  # fmt: skip


def _few_failed(record: RunRecord, thresholds: Thresholds) -> Check:
    """The job's own result, checked again with the threshold of this run."""
    passed = record.exit_code == ExitCode.COMPLETE and record.failed <= thresholds.max_failed_ratio * record.total
    return Check(
        "few enough rows failed", passed,
        f"exit code {record.exit_code}, {record.counts()}; allowed share {thresholds.max_failed_ratio:g}",
    )  # fmt: skip


def _share_done(record: RunRecord, thresholds: Thresholds) -> Check:
    wanted = record.total - record.duplicate
    share = record.done / wanted if wanted else 1.0
    return Check(
        "enough rows are done", share >= thresholds.min_ok_ratio,
        f"{record.done} of {wanted} distinct rows ({share:.4f}), at least {thresholds.min_ok_ratio:g} wanted",
    )  # fmt: skip


def _finite(table: _Table, thresholds: Thresholds) -> Check:
    count = table.bad_losses + table.non_finite_failures
    return Check(
        "losses are finite", count <= thresholds.max_non_finite,
        f"{table.bad_losses} rows saved with a missing or non-finite loss, {table.non_finite_failures} failed with "
        f"NON_FINITE_LOSS; {thresholds.max_non_finite} allowed",
    )  # fmt: skip


def _median_in_band(median: float | None, history: list[float], thresholds: Thresholds) -> Check:
    name = "the median loss is like that of the last runs"
    if median is None:
        return Check(name, True, "no row has a loss: nothing to compare")
    if not history:
        return Check(name, True, f"median {median:.6g}; no earlier run with the same weights to compare with")
    usual = statistics.median(history)
    low, high = usual * (1 - thresholds.loss_band), usual * (1 + thresholds.loss_band)
    return Check(
        name, low <= median <= high,
        f"median {median:.6g}, expected {low:.6g} to {high:.6g} from {len(history)} earlier runs",
    )  # fmt: skip


def _images_are_there(output: str, sample: list[tuple[str | None, int | None]]) -> Check:
    missing = []
    for uri, length in sample:
        found = None if uri is None else storage.size(uri if ":" in uri or uri.startswith("/") else f"{output}/{uri}")
        if found is None or (length is not None and found != length):
            missing.append(f"{uri} ({'missing' if found is None else f'{found} bytes, not {length}'})")
    return Check(
        "a sample of the images is there", not missing,
        f"{len(sample) - len(missing)} of {len(sample)} looked at are there" + "".join(f"; {m}" for m in missing[:5]),
    )  # fmt: skip


def _read(folder: str, sample_size: int, seed: str) -> _Table:
    """Reads the table once, in batches. The sample is a reservoir with the run's name as seed: it is always the same."""
    statuses: Counter = Counter()
    bad_losses = non_finite_failures = seen = 0
    losses: list[pa.Array] = []
    sample: list[tuple[str | None, int | None]] = []
    chance = random.Random(seed)
    for batch in _batches(folder, _COLUMNS):
        statuses.update({v["values"]: v["counts"] for v in batch["status"].value_counts().to_pylist()})
        non_finite_failures += pc.sum(pc.equal(batch["error_code"], "NON_FINITE_LOSS")).as_py() or 0
        ok = batch.filter(pc.equal(batch["status"], "OK"))
        before = batch.filter(pc.equal(batch["status"], "SKIPPED"))
        # A row of this run has every loss, unless it was not measured (measure_losses=sampled). An earlier row may have
        # none, but not an invalid one.
        measured = pc.fill_null(pc.not_equal(ok["evaluations"], 0), True)
        for part, is_sound in (
            (ok.filter(measured), _is_finite),
            (ok.filter(pc.invert(measured)), _is_finite_or_absent),
            (before, _is_finite_or_absent),
        ):
            bad_losses += part.num_rows - (pc.sum(_every_loss(part, is_sound)).as_py() or 0)
            losses.append(_finite_losses(part))
            for uri, length in zip(part["output_uri"].to_pylist(), part["output_bytes"].to_pylist(), strict=True):
                if uri is None and part is before:
                    continue  # computed earlier, so the table does not repeat its path
                seen += 1
                if len(sample) < sample_size:
                    sample.append((uri, length))
                elif (place := chance.randrange(seen)) < sample_size:
                    sample[place] = (uri, length)
    return _Table(statuses, bad_losses, non_finite_failures, pa.chunked_array(losses, pa.float64()), sample)


def _is_finite(loss: pa.Array) -> pa.Array:
    return pc.fill_null(pc.is_finite(loss), False)


def _is_finite_or_absent(loss: pa.Array) -> pa.Array:
    return pc.fill_null(pc.is_finite(loss), True)


def _every_loss(part: pa.RecordBatch, holds: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """For each row, whether the test holds for all its losses."""
    every = pa.array([True] * part.num_rows, pa.bool_())
    for column in _LOSSES:
        every = pc.and_(every, holds(part[column].cast(pa.float64())))
    return every


def _batches(folder: str, columns: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    store, path = storage.locate(f"{folder}/metrics")
    try:
        table = ds.dataset(path, filesystem=store, format="parquet")
    except FileNotFoundError:
        raise storage.MissingObject(f"{folder}/metrics") from None
    absent = sorted(set(columns) - set(table.schema.names))
    if absent:
        raise ValueError(f"{folder}/metrics has no column {', '.join(absent)}")
    return table.to_batches(columns=list(columns))


def _medians_before(output: str, identity: RunIdentity, record: RunRecord, runs: int) -> Iterator[float]:
    """Median losses of the last complete runs of the same DAG before this one's date, newest first.

    Losses of other weights are not comparable, so runs with other weights are skipped.
    """
    kind = identity.run_id.split("-", 1)[0]
    today = f"run_date={identity.run_date.isoformat()}"
    left = runs
    for day in reversed(storage.children(f"{output}/runs")):
        if day.rsplit("/", 1)[-1] >= today:
            continue
        for run in reversed(storage.children(day)):
            if left == 0:
                return
            if not run.rsplit("/", 1)[-1].startswith(f"run_id={kind}-"):
                continue
            try:
                earlier = RunRecord.parse(storage.read(f"{run}/_RUN.json"))
            except storage.MissingObject:
                continue  # never finished
            if earlier.exit_code != ExitCode.COMPLETE or earlier.weights_sha256 != record.weights_sha256:
                continue
            losses = pa.chunked_array(
                [
                    _finite_losses(batch.filter(pc.is_in(batch["status"], pa.array(["OK", "SKIPPED"]))))
                    for batch in _batches(run, ("status", "total_loss"))
                ],
                pa.float64(),
            )
            if len(losses):
                left -= 1
                yield _median(losses)


def _finite_losses(rows: pa.RecordBatch) -> pa.Array:
    loss = rows["total_loss"].cast(pa.float64())
    return loss.filter(_is_finite(loss))


def _median(values: pa.ChunkedArray) -> float:
    return pc.quantile(values, q=0.5)[0].as_py()
