"""Tests the quality gate with tables that the tests write."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nst_airflow import quality, storage
from nst_airflow.outcome import RunRecord
from nst_airflow.runs import identify

LIMITS = quality.Thresholds(
    min_rows=1,
    max_failed_ratio=0.25,
    min_ok_ratio=0.75,
    max_non_finite=0,
    loss_band=0.5,
    history_runs=3,
    image_sample=10,
)
SCHEMA = pa.schema([
    ("status", pa.string()), ("error_code", pa.string()), ("evaluations", pa.int32()),
    ("content_loss", pa.float64()), ("style_loss", pa.float64()), ("total_loss", pa.float64()),
    ("output_uri", pa.string()), ("output_bytes", pa.int64()), ("caption", pa.string()),
])  # fmt: skip


class Output:
    """An output folder with finished runs."""

    def __init__(self, folder):
        self.folder = str(folder)

    def row(self, status="OK", loss=10.0, error=None, image="images/a.png", evaluations=30):
        if status == "OK":
            (path := Path(self.folder, image)).parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"12345")
        return {
            "status": status, "error_code": error, "evaluations": evaluations if status == "OK" else None,
            "content_loss": loss, "style_loss": loss, "total_loss": loss,
            "output_uri": image if status == "OK" else None, "output_bytes": 5 if status == "OK" else None,
        }  # fmt: skip

    def finish(self, day: str, rows: list[dict], kind="nightly", weights="w", exit_code=0):
        identity = identify(kind, requested=day)
        folder = storage.locate(identity.folder(self.folder))[1]
        Path(folder, "metrics").mkdir(parents=True)
        # Two files, as written by a job with two tasks.
        half = len(rows) // 2
        for part, some in enumerate((rows[:half], rows[half:])):
            pq.write_table(pa.Table.from_pylist(some, schema=SCHEMA), f"{folder}/metrics/part-{part}.parquet")
        Path(folder, "metrics", "_SUCCESS").touch()
        counts = {s.lower(): sum(row["status"] == s for row in rows) for s in ("OK", "FAILED", "SKIPPED", "DUPLICATE")}
        text = json.dumps({
            "run_id": identity.run_id, "exit_code": exit_code, "finished_at": day, "networks": [{"sha256": weights}],
            "rows": {"total": len(rows), **counts},
        })  # fmt: skip
        Path(folder, "_RUN.json").write_text(text)
        return identity, RunRecord.parse(text)


@pytest.fixture
def output(tmp_path):
    return Output(tmp_path)


def faults(output, finished, limits=LIMITS):
    return quality.assess(output.folder, *finished, limits).faults


def test_a_sound_run_passes_every_check(output):
    rows = [output.row(), output.row("SKIPPED", loss=None), output.row("DUPLICATE", loss=None), output.row(loss=20.0)]
    verdict = quality.assess(output.folder, *output.finish("2026-11-20", rows), LIMITS)
    assert verdict.faults == []
    assert verdict.median_loss == 15.0
    assert len(verdict.checks) == 7
    json.dumps(verdict.as_dict())


def test_a_row_that_vanished_is_missed(output):
    identity, record = output.finish("2026-11-20", [output.row(), output.row()])
    (fault,) = faults(output, (identity, replace(record, total=3, ok=3)))
    assert fault.startswith("every row is accounted for: _RUN.json says 3 rows: 3 OK")
    assert "{'OK': 2}" in fault


def test_counts_that_do_not_add_up_are_seen(output):
    identity, record = output.finish("2026-11-20", [output.row(), output.row()])
    assert any("accounted for" in fault for fault in faults(output, (identity, replace(record, total=3))))


def test_an_empty_catalogue_is_published_only_where_that_is_allowed(output):
    finished = output.finish("2026-11-20", [])
    (fault,) = faults(output, finished)
    assert fault.startswith("the catalogue is not empty")
    assert faults(output, finished, replace(LIMITS, min_rows=0)) == []


def test_failures_up_to_the_limit_are_allowed_and_one_more_is_not(output):
    broken = output.row("FAILED", loss=None, error="EMPTY")
    assert faults(output, output.finish("2026-11-20", [output.row()] * 3 + [broken])) == []
    found = faults(output, output.finish("2026-11-21", [output.row()] * 2 + [broken] * 2))
    assert [fault.partition(":")[0] for fault in found] == ["few enough rows failed", "enough rows are done"]


def test_the_jobs_own_verdict_stands(output):
    (fault,) = faults(output, output.finish("2026-11-20", [output.row()], exit_code=3))
    assert fault.startswith("few enough rows failed: exit code 3")


@pytest.mark.parametrize("loss", [math.nan, math.inf, None], ids=str)
def test_a_loss_that_is_no_number_is_seen(output, loss):
    (fault,) = faults(output, output.finish("2026-11-20", [output.row(), output.row(loss=loss)]))
    assert "1 rows saved with a missing or non-finite loss" in fault


def test_rows_that_were_not_measured_need_no_loss(output):
    rows = [output.row(loss=None, evaluations=0)] * 3 + [output.row(evaluations=1)]
    verdict = quality.assess(output.folder, *output.finish("2026-11-20", rows), LIMITS)
    assert verdict.faults == []
    assert verdict.median_loss == 10.0
    (fault,) = faults(output, output.finish("2026-11-21", [output.row(loss=math.nan, evaluations=0)]))
    assert "1 rows saved with a missing or non-finite loss" in fault


def test_rows_that_diverged_count_as_non_finite(output):
    rows = [output.row()] * 3 + [output.row("FAILED", loss=None, error="NON_FINITE_LOSS")]
    finished = output.finish("2026-11-20", rows)
    (fault,) = faults(output, finished)
    assert "1 failed with NON_FINITE_LOSS" in fault
    assert faults(output, finished, replace(LIMITS, max_non_finite=1)) == []


class TestMedian:
    def test_is_compared_with_the_last_runs_of_the_same_dag_and_weights(self, output):
        output.finish("2026-11-10", [output.row(loss=1000.0)])  # the fourth earlier run is too old
        for day in ("2026-11-11", "2026-11-12", "2026-11-13"):
            output.finish(day, [output.row(loss=10.0)])
        output.finish("2026-11-14", [output.row(loss=500.0)], weights="other")
        output.finish("2026-11-15", [output.row(loss=500.0)], kind="sweep")
        output.finish("2026-11-16", [output.row(loss=500.0)], exit_code=3)
        output.finish("2026-11-25", [output.row(loss=500.0)])  # a backfill does not use later runs

        assert faults(output, output.finish("2026-11-20", [output.row(loss=15.0)])) == []
        (fault,) = faults(
            output, output.finish("2026-11-21", [output.row(loss=15.01)]), replace(LIMITS, history_runs=4)
        )
        assert fault.endswith("median 15.01, expected 5 to 15 from 4 earlier runs")

    def test_has_nothing_to_be_compared_with_on_the_first_night(self, output):
        verdict = quality.assess(output.folder, *output.finish("2026-11-20", [output.row()]), LIMITS)
        assert any("no earlier run" in check.found for check in verdict.checks)

    def test_is_not_compared_when_nothing_was_computed(self, output):
        output.finish("2026-11-19", [output.row()])
        assert faults(output, output.finish("2026-11-20", [output.row("SKIPPED", loss=None)])) == []


class TestImages:
    def test_a_missing_and_a_cut_image_are_named(self, output, tmp_path):
        rows = [output.row(image=f"images/{name}.png") for name in "abc"]
        finished = output.finish("2026-11-20", rows)
        (tmp_path / "images/a.png").unlink()
        (tmp_path / "images/b.png").write_bytes(b"1")
        (fault,) = faults(output, finished)
        assert "1 of 3 looked at are there" in fault
        assert "a.png (missing)" in fault
        assert "b.png (1 bytes, not 5)" in fault

    def test_no_more_are_looked_at_than_asked_for(self, output):
        rows = [output.row(image=f"images/{number}.png") for number in range(50)]
        verdict = quality.assess(output.folder, *output.finish("2026-11-20", rows), replace(LIMITS, image_sample=5))
        assert verdict.checks[-1].found == "5 of 5 looked at are there"


def test_a_table_without_a_needed_column_is_refused_with_its_name(output):
    identity, record = output.finish("2026-11-20", [output.row()])
    folder = storage.locate(identity.folder(output.folder))[1]
    for part in (0, 1):
        path = f"{folder}/metrics/part-{part}.parquet"
        pq.write_table(pq.read_table(path).drop_columns(["total_loss"]), path)
    with pytest.raises(ValueError, match="has no column total_loss"):
        quality.assess(output.folder, identity, record, LIMITS)


def test_a_run_without_a_table_is_refused(output):
    _, record = output.finish("2026-11-20", [output.row()])
    with pytest.raises(storage.MissingObject, match="metrics"):
        quality.assess(output.folder, identify("nightly", requested="2026-11-21"), record, LIMITS)
