"""Tests the operators without DAGs: connections, lost exit codes, secrets, stopping."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from nst_airflow.commands import RunLimits
from nst_airflow.commands import run as run_command
from nst_airflow.runs import identify

OUT = os.environ["AIRFLOW_NST_OUTPUT"]
TONIGHT = identify("nightly", requested="2026-11-20")


@pytest.fixture
def transfer(airflow_database):
    from nst_airflow.operators import TransferOperator

    def make(**changes):
        arguments = {
            "task_id": "run",
            "application": "/opt/nst/nst.jar",
            "java_class": "nst.cli.Main",
            "record": TONIGHT.record(OUT),
            "application_args": run_command("/m.parquet", OUT, TONIGHT, RunLimits("none", 0.01, 1), config=None),
        }
        return TransferOperator(**{**arguments, **changes})

    return make


@pytest.fixture
def cluster(monkeypatch):
    """A master whose spark-submit loses the driver's exit code: YARN in cluster mode."""
    connection = {"conn_type": "spark", "host": "yarn", "extra": {"deploy-mode": "cluster"}}
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", json.dumps(connection))


def test_a_missing_connection_is_no_yarn(transfer, job, monkeypatch):
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=r"No connection 'spark_elsewhere'.*AIRFLOW_CONN_SPARK_ELSEWHERE"):
        transfer(conn_id="spark_elsewhere").execute({})
    assert job.calls == []


@pytest.mark.parametrize("connection", ['{"conn_type": "spark"}', '"host": "local[*]"'], ids=["no host", "broken"])
def test_a_connection_that_names_no_master_is_refused(transfer, job, monkeypatch, connection):
    from airflow.sdk.exceptions import AirflowFailException

    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", connection)
    with pytest.raises(AirflowFailException, match="names no Spark master"):
        transfer().execute({})
    assert job.calls == []


def test_a_standalone_cluster_gets_its_master_and_configuration(transfer, job, monkeypatch):
    connection = {"conn_type": "spark", "host": "spark://master", "port": 7077, "extra": {"deploy-mode": "client"}}
    monkeypatch.setenv("AIRFLOW_CONN_SPARK_DEFAULT", json.dumps(connection))

    ended = transfer(conf={"spark.executor.resource.gpu.amount": "1"}, properties_file="/etc/nst/spark.conf").execute(
        {}
    )

    assert ended["outcome"] == "complete"
    (entry,) = job.entries
    arguments = entry["arguments"]
    assert arguments[:4] == ["--master", "spark://master:7077", "--conf", "spark.executor.resource.gpu.amount=1"]
    assert arguments[arguments.index("--properties-file") + 1] == "/etc/nst/spark.conf"
    assert arguments[arguments.index("--deploy-mode") + 1] == "client"


def test_the_record_decides_where_the_code_is_lost(transfer, job, cluster):
    job.will(run=[{"exit": 0, "failures": {"TIMEOUT": 2}}])
    ended = transfer().execute({})
    assert ended["outcome"] == "complete"
    assert ended["retryable"] == 2


def test_an_earlier_record_is_not_taken_for_this_run_where_the_code_is_lost(transfer, job, cluster):
    from airflow.sdk.exceptions import AirflowException

    job.will(run=[{"exit": 0}, {"exit": 0, "no_record": True}])
    transfer().execute({})
    with pytest.raises(AirflowException, match="does not tell of a finished run"):
        transfer().execute({})


def test_questions_are_asked_in_client_mode_even_on_a_cluster(airflow_database, job, cluster):
    from nst_airflow.operators import QueryOperator

    answer = QueryOperator(
        task_id="plan", application="x.jar", application_args=["plan", "/m", "--json"], expects=["cost"]
    ).execute({})

    assert answer["cost"] == 2.0
    arguments = job.entries[0]["arguments"]
    assert arguments[arguments.index("--deploy-mode") + 1] == "client"


@pytest.mark.parametrize(
    "changes",
    [
        {"conf": {"spark.hadoop.fs.s3a.access.key": "AKIA" + "A1B2" * 4}},
        {"application_args": ["run", "s3a://b/m?X-Amz-Signature=0123"]},
        {"application_args": ["run", "--set", "s3.secret.key=hunter2"]},
    ],
    ids=["access key", "presigned URL", "secret"],
)
def test_a_secret_is_refused_before_anything_is_submitted_and_not_repeated(transfer, job, changes):
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match="looks like") as refused:
        transfer(**changes).execute({})
    assert job.calls == []
    assert not any(secret in str(refused.value) for secret in ("AKIA", "0123", "hunter2"))


def test_the_settings_for_a_first_run_name_the_local_master_the_script_and_the_samples():
    """Sources local.sh in a shell without variables."""
    folder = Path(__file__).resolve().parents[1]
    shown = subprocess.run(
        ["bash", "-c", ". ./local.sh && env -0"], cwd=folder, env={"PATH": os.environ["PATH"]}, check=True, capture_output=True
    ).stdout.decode()  # fmt: skip
    found = dict(entry.split("=", 1) for entry in shown.split("\0") if entry)
    assert json.loads(found["AIRFLOW_CONN_SPARK_DEFAULT"]) == {"conn_type": "spark", "host": "local[*]"}
    assert found["AIRFLOW_NST_SUBMIT_SCRIPT"] == str(folder.parent / "submit.sh")
    assert found["AIRFLOW_NST_MANIFEST"] == str(folder.parent / "sample-data/manifest.parquet")
    assert found["AIRFLOW_NST_PROPERTIES_FILE"] == str(folder.parent / "conf/spark-local.conf")
    assert found["AIRFLOW_HOME"] == str(folder / ".airflow/home")


def test_a_killed_task_lets_the_job_stop_by_itself(transfer, job, tmp_path):
    """Checks that the job gets SIGTERM and not SIGKILL: it ends with 143 and keeps its results."""
    from airflow.sdk.exceptions import AirflowException

    said = tmp_path / "said"
    script = tmp_path / "submit.sh"
    script.write_text(
        f"#!/bin/sh\ntrap 'echo stopped > {said}; exit 143' TERM\necho ready\nwhile :; do sleep 0.1; done\n"
    )
    script.chmod(0o755)
    operator = transfer(spark_binary=str(script), application="--")

    def kill() -> None:
        while operator._hook is None or not operator._hook.printed:
            time.sleep(0.05)
        operator.on_kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(AirflowException, match="Error code is: 143"):
        operator.execute({})
    killer.join()
    assert said.read_text() == "stopped\n"
    assert operator._hook._submit_sp.returncode == 128 + signal.SIGTERM


def test_a_record_that_is_no_json_fails_with_its_place(transfer, job):
    from airflow.sdk.exceptions import AirflowException

    record = Path(TONIGHT.record(OUT))
    record.parent.mkdir(parents=True)
    record.write_text("{")
    with pytest.raises(AirflowException, match=r"_RUN\.json: Invalid _RUN\.json"):
        transfer().execute({})
