"""Tests the parsed DAG files."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def test_both_dags_import_and_are_described(dag_bag):
    assert dag_bag.import_errors == {}
    assert sorted(dag_bag.dags) == ["nst_nightly", "nst_sweep"]
    for dag in dag_bag.dags.values():
        assert dag.max_active_runs == 1
        assert dag.catchup is False
        assert dag.tags
        for param in dag.params:
            assert dag.params.get_param(param).schema, param


def test_every_task_is_described(dag_bag):
    for dag in dag_bag.dags.values():
        rows = set(re.findall(r"^\| `(\w+)`", dag.doc_md, re.MULTILINE))
        helpers = {"plan_arguments", "run_arguments", "report_arguments"}
        assert rows == {task.task_id for task in dag.tasks} - helpers


def test_parses_in_under_two_seconds_and_without_network(airflow_database, monkeypatch):
    from airflow.dag_processing.dagbag import DagBag

    def refuse(*_):
        raise AssertionError("a DAG file opened a connection while it was parsed")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    before = time.process_time()
    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    # Uses CPU time, which does not depend on the load of the machine. The import of Airflow is not counted.
    assert time.process_time() - before < 2


def test_every_pool_is_declared(dag_bag):
    """A task of a missing pool waits forever, with only a warning in the scheduler's log."""
    declared = {"default_pool", *json.loads((ROOT / "pools.json").read_text())}
    used = {task.pool for dag in dag_bag.dags.values() for task in dag.tasks}
    assert used == declared


def test_only_commands_that_take_devices_wait_for_the_device_pool(dag_bag):
    waiting = {(d.dag_id, t.task_id) for d in dag_bag.dags.values() for t in d.tasks if t.pool != "default_pool"}
    assert waiting == {("nst_nightly", "run"), ("nst_nightly", "retry_rows"), ("nst_sweep", "run")}


def test_the_order_of_the_nightly_tasks(dag_bag):
    dag = dag_bag.dags["nst_nightly"]
    order = ["validate", "plan", "budget_gate", "run", "retry_rows", "verify", "quality_gate", "publish", "report"]
    for earlier, later in pairwise(order):
        assert later in dag.get_task(earlier).downstream_task_ids


def test_a_failure_cannot_hide_behind_a_leaf_that_succeeds(dag_bag):
    """The state of a DAG run is that of its leaves."""
    leaves = {dag.dag_id: sorted(task.task_id for task in dag.leaves) for dag in dag_bag.dags.values()}
    assert leaves == {"nst_nightly": ["report"], "nst_sweep": ["report", "summary"]}


@pytest.mark.parametrize("task_id", ["run", "retry_rows"])
def test_the_job_is_retried_with_back_off(dag_bag, task_id):
    task = dag_bag.dags["nst_nightly"].get_task(task_id)
    assert task.retries == 3
    assert task.retry_exponential_backoff


def test_the_logic_needs_no_airflow():
    modules = ("settings", "runs", "commands", "outcome", "budget", "storage", "quality")
    imports = "; ".join(f"import nst_airflow.{module}" for module in modules)
    code = f"import sys; {imports}; sys.exit([m for m in sys.modules if m.partition('.')[0] == 'airflow'] or None)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("environment", "code"), [({}, 0), ({"CI": "true"}, 1)], ids=["at home", "in CI"])
def test_the_test_script_says_that_python_is_missing(environment, code):
    ended = subprocess.run(
        [str(ROOT / "test.sh")],
        env={"PATH": os.environ["PATH"], "NST_PYTHON": "no-such-python", **environment},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == code
    assert "SKIPPED, no test of the DAGs was run: no Python 3.11 to 3.13 with venv was found" in ended.stderr
