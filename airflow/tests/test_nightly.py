"""Tests the nightly DAG from end to end in a real Airflow, with a fake spark-submit."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

OUT = Path(os.environ["AIRFLOW_NST_OUTPUT"])
WHOLE_NIGHT = ["validate", "plan", "run", "verify", "report"]


@pytest.fixture
def night(fresh_dag, job):
    """Runs a night. Every call has its own day, because Airflow allows one run for each logical date."""

    def run(day: int, **params):
        return fresh_dag("nst_nightly").test(
            logical_date=datetime(2026, 11, day, 2, tzinfo=timezone.utc), run_conf=params
        )

    return run


def states(dag_run) -> dict:
    return {
        t.task_id if t.map_index < 0 else f"{t.task_id}[{t.map_index}]": str(t.state)
        for t in dag_run.get_task_instances()
    }


def last_event() -> dict:
    """Returns the extra of the newest asset event."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return session.scalars(select(AssetEvent).order_by(AssetEvent.id.desc())).first().extra


def test_a_whole_night_goes_from_validation_to_the_page(night, job):
    dag_run = night(2)

    assert states(dag_run) == {
        **dict.fromkeys(
            (
                "resolve",
                "validate",
                "plan",
                "budget_gate",
                "run",
                "failed_rows",
                "verify",
                "quality_gate",
                "publish",
                "report",
            ),
            "success",
        ),
        "retry_rows": "skipped",
    }
    manifest, output = "/catalogue/2026-11-01/manifest.parquet", str(OUT)
    assert job.calls == [
        ["validate", manifest, "--json"],
        ["plan", manifest, "--output", output, "--price-per-hour", "4.0", "--json"],
        ["run", manifest, "--output", output, "--run-id", "nightly-2026-11-01", "--run-date", "2026-11-01",
         "--retry", "none", "--max-failed-ratio", "0.01", "--price-per-hour", "4.0", "--json"],
        ["verify", "--output", output, "--run-id", "nightly-2026-11-01", "--json"],
        ["report", "--output", output, "--run-id", "nightly-2026-11-01"],
    ]  # fmt: skip
    for entry in job.entries:
        options = entry["arguments"][: entry["arguments"].index(entry["command"])]
        assert options[:2] == ["--master", "local[1]"]
        assert options[-1] == "/opt/nst/nst.jar"
        assert options[options.index("--class") + 1] == "nst.cli.Main"
    assert last_event() == {
        "output": output, "run_date": "2026-11-01", "run_id": "nightly-2026-11-01",
        "rows": 10, "done": 10, "failed": 0, "median_loss": 104.5,
    }  # fmt: skip


def test_too_many_failures_get_one_pass_over_the_retryable_rows(night, job):
    job.will(run=[{"exit": 3, "failures": {"IO_ERROR": 2}}, {"exit": 0}])

    dag_run = night(4)

    assert str(dag_run.state) == "success"
    assert states(dag_run)["retry_rows[0]"] == "success"
    first, second = (call for call in job.calls if call[0] == "run")
    assert first[first.index("--retry") + 1] == "none"
    assert second == [*first[: first.index("none")], "transient", *first[first.index("none") + 1 :]]


def test_failures_that_no_pass_can_mend_go_straight_to_the_gate(night, job, caplog):
    job.will(run=[{"exit": 3, "failures": {"CORRUPT_IMAGE": 3}}])

    dag_run = night(5)

    found = states(dag_run)
    assert str(dag_run.state) == "failed"
    assert (found["run"], found["retry_rows"], found["quality_gate"]) == ("success", "skipped", "failed")
    assert (found["publish"], found["report"]) == ("upstream_failed", "upstream_failed")
    assert job.commands.count("run") == 1
    assert "3 failed (CORRUPT_IMAGE 3)" in caplog.text


def test_an_invalid_manifest_fails_at_once_with_its_problems(night, job, caplog):
    faults = [
        {"where": "row 7", "column": "content_weight", "message": "expected a positive number, was -1"},
        {"where": "manifest", "column": "contentweight", "message": "is no column; did you mean content_weight?"},
    ]
    job.will(validate=[{"exit": 2, "answer": {"problems": faults}}])

    dag_run = night(6)

    assert str(dag_run.state) == "failed"
    assert job.commands == ["validate"]
    assert "2 problems: row 7 content_weight expected a positive number, was -1; manifest contentweight" in caplog.text


def test_faults_of_single_rows_are_told_and_weighed_but_do_not_end_the_night(night, job, caplog):
    fault = {"where": "row 7 id=sunset", "column": "INVALID_PARAMETER", "message": "expected a positive number, was -1"}
    job.will(
        validate=[{"exit": 2, "answer": {"problems": [fault]}}],
        plan=[{"answer": {"refused": [{"code": "INVALID_PARAMETER", "rows": 1}]}}],
    )

    dag_run = night(13, max_failed_ratio=0.05)

    found = states(dag_run)
    assert (found["validate"], found["budget_gate"]) == ("success", "failed")
    assert "1 of 10 rows would be refused, more than the share 0.05" in caplog.text


def test_a_plan_over_the_budget_takes_no_device(night, job, caplog):
    job.will(plan=[{"answer": {"cost": 250.0}}])

    dag_run = night(7, max_cost=200)

    assert str(dag_run.state) == "failed"
    assert job.commands == ["validate", "plan"]
    assert "cost 250 is over the limit of 200" in caplog.text


def test_a_job_that_could_not_go_on_is_tried_again_with_the_same_command(night, job):
    job.will(run=[{"exit": 4}, {"exit": 143}, {"exit": 0, "no_record": True}, {"exit": 0}])

    dag_run = night(8)

    assert str(dag_run.state) == "success"
    runs = [call for call in job.calls if call[0] == "run"]
    assert len(runs) == 4
    assert all(call == runs[0] for call in runs)


def test_invalid_configuration_found_by_the_run_is_not_tried_again(night, job):
    job.will(run=[{"exit": 2}])

    dag_run = night(9)

    assert str(dag_run.state) == "failed"
    assert job.commands == ["validate", "plan", "run"]


def test_a_loss_out_of_the_band_of_earlier_nights_is_not_published(night, job, caplog):
    job.will(run=[{"loss": 100.0}, {"loss": 1000.0}])
    assert str(night(10).state) == "success"

    dag_run = night(11)

    assert states(dag_run)["quality_gate"] == "failed"
    assert "median 1004.5, expected 52.25 to 156.75 from 1 earlier runs" in caplog.text


def test_the_same_dag_submits_with_a_script(fresh_dag, job, monkeypatch):
    script = str(Path(os.environ["AIRFLOW_HOME"], "submit.sh"))
    monkeypatch.setenv("AIRFLOW_NST_SUBMIT_SCRIPT", script)
    monkeypatch.setenv("AIRFLOW_NST_PROPERTIES_FILE", "/etc/nst/spark.conf")
    monkeypatch.setenv("AIRFLOW_NST_CONFIG", "/etc/nst/nst.conf")

    dag_run = fresh_dag("nst_nightly").test(logical_date=datetime(2026, 11, 12, 2, tzinfo=timezone.utc))

    assert str(dag_run.state) == "success"
    assert job.commands == WHOLE_NIGHT
    for entry in job.entries:
        options = entry["arguments"][: entry["arguments"].index(entry["command"])]
        assert options[:2] == ["--master", "local[1]"]
        assert options[-1] == "--", "what follows is the job's, as submit.sh wants it"
        assert options[options.index("--properties-file") + 1] == "/etc/nst/spark.conf"
        assert "--class" not in options
        assert entry["arguments"][-2:] == ["--config", "/etc/nst/nst.conf"]


class TestResolve:
    """Tests the first task with scheduled, manual and asset-triggered runs."""

    @pytest.fixture
    def resolve(self, dag_bag):
        dag = dag_bag.dags["nst_nightly"]
        defaults = dag.params.dump()

        def call(params=None, **context):
            context.setdefault("dag_run", SimpleNamespace(partition_key=None, run_after=None))
            return dag.get_task("resolve").python_callable(params={**defaults, **(params or {})}, **context)

        return call

    def test_a_scheduled_run_takes_the_start_of_its_data_interval(self, resolve):
        found = resolve(
            data_interval_start=datetime(2026, 11, 20, 2, tzinfo=timezone.utc),
            logical_date=datetime(2026, 11, 20, 2, tzinfo=timezone.utc),
        )
        assert found["run_id"] == "nightly-2026-11-20"
        assert found["record"].endswith("/runs/run_date=2026-11-20/run_id=nightly-2026-11-20/_RUN.json")

    def test_an_asset_event_may_name_the_date(self, resolve):
        event = SimpleNamespace(extra={"run_date": "2026-11-18"})
        assert resolve(triggering_asset_events={"nst_catalogue": [event]})["run_id"] == "nightly-2026-11-18"

    def test_an_asset_event_without_a_date_gets_a_run_of_its_own(self, resolve):
        dag_run = SimpleNamespace(partition_key=None, run_after=datetime(2026, 11, 18, 9, 5, 7, tzinfo=timezone.utc))
        event = SimpleNamespace(extra=None)
        found = resolve(dag_run=dag_run, triggering_asset_events={"nst_catalogue": [event]})
        assert found["run_id"] == "nightly-2026-11-18-at-090507"

    def test_a_manual_run_takes_its_parameter(self, resolve):
        found = resolve({"run_date": "2026-10-01", "manifest": "s3a://photos/{run_date}.parquet", "retry": "all"})
        assert found["run_date"] == "2026-10-01"
        assert found["run"][1] == "s3a://photos/2026-10-01.parquet"
        assert found["run"][found["run"].index("--retry") + 1] == "all"

    def test_a_run_without_any_date_fails_with_words(self, resolve):
        from airflow.sdk.exceptions import AirflowFailException

        with pytest.raises(AirflowFailException, match=r"No run date.*set run_date"):
            resolve()


@pytest.mark.parametrize(
    "params",
    [
        {"run_date": "yesterday"},
        {"manifest": "https://bucket/manifest?X-Amz-Signature=abc"},
        {"max_failed_ratio": 1.5},
        {"retry": "some"},
        {"loss_band": 0},
    ],
    ids=lambda params: next(iter(params)),
)
def test_a_parameter_out_of_its_domain_is_refused(night, job, params):
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError, match=next(iter(params))):
        night(14, **params)
    assert job.calls == []
