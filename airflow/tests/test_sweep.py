"""Tests the sweep DAG from end to end, with a fake spark-submit."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest


@pytest.fixture
def sweep(fresh_dag, job):
    def run(hour: int, **params):
        return fresh_dag("nst_sweep").test(
            logical_date=datetime(2026, 11, 20, hour, tzinfo=timezone.utc), run_conf=params
        )

    return run


def states(dag_run, task_id: str) -> list[str]:
    # Mapped tasks run in any order, so they are compared sorted.
    return sorted(str(t.state) for t in dag_run.get_task_instances() if t.task_id == task_id)


def test_no_sweep_is_no_error(sweep, job):
    dag_run = sweep(1)

    assert str(dag_run.state) == "success"
    assert states(dag_run, "run") == ["skipped"]
    assert states(dag_run, "summary") == ["success"]
    assert job.calls == []


def test_one_sweep_is_planned_run_and_reported(sweep, job):
    dag_run = sweep(2, manifests=["s3a://sweeps/Van_Gogh.parquet"])

    assert str(dag_run.state) == "success"
    assert job.commands == ["plan", "run", "report"]
    run = job.calls[1]
    run_id = run[run.index("--run-id") + 1]
    assert run_id.startswith("sweep-2026-11-20-van-gogh-")
    (entry,) = (entry for entry in job.entries if entry["command"] == "run")
    assert f"nst-run-{run_id}" in entry["arguments"]


def test_definitions_are_mapped_like_manifests(sweep, job, tmp_path):
    for name in ("looks.conf", "done.parquet", "notes.txt"):
        (tmp_path / name).touch()

    dag_run = sweep(6, folder=str(tmp_path), definitions=["/opt/nst/conf/sweeps/weights.conf"])

    assert str(dag_run.state) == "success"
    assert states(dag_run, "run") == ["success"] * 3
    assert sorted(job.commands) == ["plan", "report", "report", "report", "run", "sweep", "sweep", "sweep", "sweep"]
    sweeps = [call for call in job.calls if call[0] == "sweep"]
    dry = {call[call.index("--definition") + 1] for call in sweeps if "--dry-run" in call}
    wet = {call[call.index("--definition") + 1] for call in sweeps if "--run-id" in call}
    assert dry == wet == {"/opt/nst/conf/sweeps/weights.conf", str(tmp_path / "looks.conf")}
    assert all("--run" in call and "--json" in call for call in sweeps)


def test_a_failing_sweep_does_not_stop_the_others(sweep, job, tmp_path, caplog):
    for name in ("a.parquet", "b.parquet", "notes.txt"):
        (tmp_path / name).touch()
    job.will(run=[{"exit": 0}, {"exit": 2}, {"exit": 3, "failures": {"NOT_FOUND": 4}}])

    dag_run = sweep(3, folder=str(tmp_path), manifests=["s3a://sweeps/a.parquet"])

    assert str(dag_run.state) == "failed"
    assert states(dag_run, "plan") == ["success"] * 3
    assert states(dag_run, "run") == ["failed", "success", "success"]
    assert job.commands.count("report") == 2
    assert len({call[call.index("--run-id") + 1] for call in job.calls if call[0] == "run"}) == 3
    assert "2 of 3 sweeps are not whole" in caplog.text
    assert "4 failed (NOT_FOUND 4)" in caplog.text


def test_plans_are_weighed_together(sweep, job, caplog):
    dag_run = sweep(4, manifests=["/s/a.parquet", "/s/b.parquet"], max_cost=3)

    assert str(dag_run.state) == "failed"
    assert job.commands == ["plan", "plan"]
    assert "cost 4 is over the limit of 3" in caplog.text


def test_more_sweeps_than_allowed_are_refused(sweep, job, caplog):
    dag_run = sweep(5, manifests=["/s/a.parquet", "/s/b.parquet"], max_sweeps=1)

    assert str(dag_run.state) == "failed"
    assert job.calls == []
    assert "2 sweeps are more than max_sweeps=1" in caplog.text
