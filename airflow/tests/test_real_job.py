"""Tests one night with the real job: the repository's ./submit.sh with three small images on local Spark."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.real_job,
    pytest.mark.skipif(
        os.environ.get("NST_REAL_JOB") != "1", reason="NST_REAL_JOB=1 was not set: the real job was not run"
    ),
]


@pytest.fixture
def manifest(tmp_path):
    """Three rows that take seconds. The sample catalogue takes minutes; .ci/run runs it in another step."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    catalogue = tmp_path / "catalogue"
    catalogue.mkdir()
    shutil.copy(REPOSITORY / "sample-data" / "content" / "pier.jpg", catalogue)
    shutil.copy(REPOSITORY / "sample-data" / "style" / "great_wave.jpg", catalogue)
    row = {"content": "pier.jpg", "style": "great_wave.jpg", "num_iterations": 2}
    manifest = catalogue / "manifest.parquet"
    pq.write_table(pa.Table.from_pylist([{**row, "image_size": size} for size in (48, 64, 80)]), manifest)
    return manifest


@pytest.fixture
def nightly(fresh_dag, manifest, tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_NST_SUBMIT_SCRIPT", str(REPOSITORY / "submit.sh"))
    monkeypatch.setenv("AIRFLOW_NST_PROPERTIES_FILE", str(REPOSITORY / "conf" / "spark-local.conf"))
    monkeypatch.setenv("NST_SKIP_BUILD", "1")  # this test needs the built jar
    monkeypatch.setenv("NST_LOG_DIR", str(tmp_path / "logs"))
    monkeypatch.setenv("AIRFLOW_NST_MANIFEST", str(manifest))
    monkeypatch.setenv("AIRFLOW_NST_OUTPUT", str(tmp_path / "out"))
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", json.dumps({"conn_type": "spark", "host": "local[2]"}))
    return fresh_dag("nst_nightly")


def test_a_catalogue_is_stylised_checked_and_published(nightly, tmp_path):
    dag_run = nightly.test(
        logical_date=datetime(2026, 10, 2, 2, tzinfo=timezone.utc),
        run_conf={"max_failed_ratio": 0.0, "min_ok_ratio": 1.0},
    )

    assert {t.task_id: str(t.state) for t in dag_run.get_task_instances() if t.state != "success"} == {
        "retry_rows": "skipped"
    }
    run = tmp_path / "out/runs/run_date=2026-10-01/run_id=nightly-2026-10-01"
    record = json.loads((run / "_RUN.json").read_text())
    rows = record["rows"]
    assert rows["total"] == 3
    assert rows["ok"] + rows["duplicate"] == rows["total"]
    assert (run / "report" / "index.html").stat().st_size > 0
    images = [path for path in (tmp_path / "out" / "images").rglob("*.*") if path.is_file()]
    assert len(images) == rows["ok"]
