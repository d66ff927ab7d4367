"""Exports a run to MLflow: a run for each row, below a run for the whole."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import output
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
from mlflow.utils.validation import MAX_METRICS_PER_BATCH, MAX_PARAM_VAL_LENGTH, MAX_PARAMS_TAGS_PER_BATCH
from output import FAILED, Row, Run

PAGE = 1000
# Names that MLflow accepts on every file system.
FORBIDDEN = re.compile(r"[^\w. /-]")


def export(run: Run, tracking_uri: str | None, experiment: str, pictures: bool, curves: bool) -> Counter:
    """Exports all rows that are not yet in the tracking store.

    :param tracking_uri: None for that of MLflow's own configuration, such as MLFLOW_TRACKING_URI
    """
    client = MlflowClient(tracking_uri)
    known = client.get_experiment_by_name(experiment)
    experiment_id = known.experiment_id if known else client.create_experiment(experiment)
    parent = _parent(client, experiment_id, run)
    counts = Counter()
    done = _done(client, experiment_id, parent)
    for row in run.rows(curves):
        if row.number in done:
            counts["there already"] += 1
        else:
            _export(client, experiment_id, parent, run, row, pictures)
            counts["exported"] += 1
    client.set_terminated(parent, end_time=_millis(run.record["finished_at"]))
    return counts


def _parent(client: MlflowClient, experiment_id: str, run: Run) -> str:
    """The MLflow run of the whole run, created if there is none."""
    tags = dict(zip(("nst.output", "nst.run_date", "nst.run_id"), run.identity, strict=True))
    for found in _search(client, experiment_id, f"tags.`nst.run_id` = '{run.id}'"):
        if tags.items() <= found.data.tags.items() and MLFLOW_PARENT_RUN_ID not in found.data.tags:
            return found.info.run_id
    record = run.record
    made = client.create_run(experiment_id, _millis(record["started_at"]), tags, run_name=run.id).info.run_id
    for name in ("manifest", "exit_code"):
        client.log_param(made, name, record[name])
    numbers = {f"rows_{name}": count for name, count in record["rows"].items()}
    numbers |= {name: record[name] for name in ("device_seconds", "images_per_hour", "wall_seconds", "cost")}
    at = _millis(record["finished_at"])
    client.log_batch(made, metrics=[Metric(name, value, at, 0) for name, value in numbers.items()])
    client.log_text(made, json.dumps(record, indent=2), "_RUN.json")
    return made


def _done(client: MlflowClient, experiment_id: str, parent: str) -> set[int]:
    """The rows that were exported before. What a stopped export has left of a row is deleted."""
    done = set()
    for found in _search(client, experiment_id, f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{parent}'"):
        if RunStatus.is_terminated(RunStatus.from_string(found.info.status)):
            done.add(int(found.data.tags["nst.row"]))
        else:
            client.delete_run(found.info.run_id)
    return done


def _search(client: MlflowClient, experiment_id: str, wanted: str) -> Iterator:
    token = None
    while True:
        page = client.search_runs([experiment_id], wanted, ViewType.ACTIVE_ONLY, PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _export(client: MlflowClient, experiment_id: str, parent: str, run: Run, row: Row, pictures: bool) -> None:
    started = _millis(row.started or run.record["started_at"])
    tags = {MLFLOW_PARENT_RUN_ID: parent, "nst.row": str(row.number), "nst.status": row.status, "nst.key": row.key}
    made = client.create_run(experiment_id, started, tags, run_name=row.id).info.run_id
    texts = {name: str(value)[:MAX_PARAM_VAL_LENGTH] for name, value in row.parameters.items()}
    notes = {f"nst.{name}": text for name, text in row.failure.items()}
    if row.output_uri:
        notes["nst.output_uri"] = row.output_uri
    # Own columns are tags: unlike parameters, they may have any length.
    notes |= _named({f"column.{name}": str(value) for name, value in row.own.items()})
    for chunk in _chunks([Param(*item) for item in texts.items()], MAX_PARAMS_TAGS_PER_BATCH):
        client.log_batch(made, params=chunk)
    for chunk in _chunks([RunTag(*item) for item in notes.items()], MAX_PARAMS_TAGS_PER_BATCH):
        client.log_batch(made, tags=chunk)
    finished = _millis(row.finished or run.record["finished_at"])
    metrics = [Metric(name, value, finished, 0) for name, value in row.measures.items()]
    for iterate in row.curve:
        at = started + iterate.elapsed_ms
        metrics += [Metric(f"iterate/{name}", value, at, iterate.iteration) for name, value in iterate.values.items()]
    for chunk in _chunks(metrics, MAX_METRICS_PER_BATCH):
        client.log_batch(made, metrics=chunk)
    if pictures and row.picture and output.exists(row.picture):
        with output.local(row.picture) as path:
            client.log_artifact(made, str(path))
    client.set_terminated(made, "FAILED" if row.status == FAILED else "FINISHED", finished)


def _named(values: dict[str, str]) -> dict[str, str]:
    """The values under names that MLflow accepts."""
    named: dict[str, str] = {}
    for name, value in values.items():
        allowed = FORBIDDEN.sub("_", name)
        while allowed in named:
            allowed += "_"
        named[allowed] = value
    return named


def _chunks(items: list, size: int) -> Iterable[list]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _millis(moment: datetime | str) -> int:
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
