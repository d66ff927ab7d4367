"""Sets up one temporary Airflow for all tests. The environment is set before anything imports Airflow."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(tempfile.mkdtemp(prefix="nst-airflow-"))
FAKE = HOME / "fake"

for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
    del os.environ[name]  # the tests must not use a developer's Airflow
os.environ.update(
    AIRFLOW_HOME=str(HOME),
    AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    AIRFLOW_CONN_SPARK_DEFAULT=json.dumps({"conn_type": "spark", "host": "local[1]"}),
    AIRFLOW_NST_OUTPUT=str(HOME / "out"),
    AIRFLOW_NST_MANIFEST="/catalogue/{run_date}/manifest.parquet",
    AIRFLOW_NST_JAR="/opt/nst/nst.jar",
    AIRFLOW_NST_RETRY_DELAY_SECONDS="0",
    AIRFLOW_NST_FAKE=str(FAKE),
    PYTHONPATH=str(ROOT / "include"),
    PATH=f"{HOME / 'bin'}{os.pathsep}{os.environ['PATH']}",
)
sys.path.insert(0, str(ROOT / "include"))


def _stand_in(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/tests/fake_spark_submit.py" "$@"\n')
    path.chmod(0o755)


_stand_in(HOME / "bin" / "spark-submit")
_stand_in(HOME / "submit.sh")


def pytest_sessionfinish() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def airflow_database():
    """Does the same as `airflow db migrate` in this process, which is seven seconds faster."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture(scope="session")
def dag_bag(airflow_database):
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(ROOT / "dags"))


@pytest.fixture
def fresh_dag(airflow_database, monkeypatch):
    """Parses the DAG again, because dag.test() leaves the parameters of its run in the object."""
    from airflow.dag_processing.dagbag import DagBag

    sleep = time.sleep  # dag.test() sleeps a second whenever no task is ready yet
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.02)))

    def parse(dag_id: str):
        return DagBag(dag_folder=str(ROOT / "dags" / f"{dag_id}.py")).dags[dag_id]

    return parse


class FakeJob:
    """The behaviour of the fake job, and its calls."""

    def __init__(self) -> None:
        shutil.rmtree(FAKE, ignore_errors=True)
        shutil.rmtree(HOME / "out", ignore_errors=True)
        FAKE.mkdir()
        self.will()

    def will(self, **steps: list[dict]) -> None:
        (FAKE / "script.json").write_text(json.dumps(steps))

    @property
    def calls(self) -> list[list[str]]:
        """Returns the command and its arguments for each call, without those of spark-submit."""
        return [entry["arguments"][entry["arguments"].index(entry["command"]) :] for entry in self.entries]

    @property
    def commands(self) -> list[str]:
        return [entry["command"] for entry in self.entries]

    @property
    def entries(self) -> list[dict]:
        log = FAKE / "calls.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def job() -> FakeJob:
    return FakeJob()
