"""Tests with the real libraries. `.ci/metrics.sh` runs them.

    pytest src/tools/export_metrics

NST_OUTPUT names the output of a real run, such as out. Without it, the tests use only an output that they make.
"""

import json
import os
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import output
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import to_mlflow
import to_wandb
from mlflow import MlflowClient
from PIL import Image
from wandb.proto.wandb_internal_pb2 import Record

STYLES = pa.list_(pa.struct({"uri": pa.string(), "weight": pa.float64(), "mask": pa.string(), "style_mask": pa.string()}))
MOMENT = pa.timestamp("us", "UTC")
# The columns of metrics that are exported, in their order.
METRICS = pa.schema(
    [("row", pa.int64()), ("id", pa.string()), ("key", pa.string()), ("status", pa.string()), ("error_code", pa.string())]
    + [("error_message", pa.string()), ("content", pa.string()), ("content_version", pa.string()), ("styles", STYLES)]
    + [("preset", pa.string()), ("style_weight", pa.float64()), ("num_iterations", pa.int64()), ("substituted_layers", pa.string())]
    + [(name, pa.float64() if name.endswith("loss") else pa.int64()) for name in output.MEASURES]
    + [("precision", pa.string()), ("started_at", MOMENT), ("finished_at", MOMENT), ("output_uri", pa.string())]
    + [("predicted_seconds", pa.float64()), ("season / größe", pa.string()), ("season / gr:ße", pa.int64())]
)
LOSS = pa.schema(
    [("key", pa.string()), ("iteration", pa.int32()), ("evaluations", pa.int32()), ("elapsed_ms", pa.int64())]
    + [(name, pa.float64()) for name in output.CURVES]
)
STARTED = datetime(2026, 1, 1, 12, tzinfo=UTC)
FINISHED = datetime(2026, 1, 1, 12, 0, 9, tzinfo=UTC)


class Made:
    """An output with small runs."""

    def __init__(self, folder: Path):
        self.folder = folder

    def run(self, run_id: str, rows: list[dict], finished: str, curves: list[dict] = ()) -> None:
        folder = self.folder / f"runs/run_date=2026-01-01/run_id={run_id}"
        for name, schema, values in (("metrics", METRICS, rows), ("loss", LOSS, curves)):
            (folder / name).mkdir(parents=True)
            complete = [dict.fromkeys(schema.names) | value for value in values]
            pq.write_table(pa.Table.from_pylist(complete, schema), folder / name / "part-00000.parquet")
        counts = {"total": len(rows), "ok": 1, "failed": 1, "skipped": 0, "duplicate": 1}
        record = {"run_id": run_id, "run_date": "2026-01-01", "output": "s3a://bucket/elsewhere", "manifest": "s3a://bucket/m.csv"}
        record |= {"rows": counts, "exit_code": 3, "started_at": "2026-01-01T12:00:00.123456789Z", "finished_at": finished}
        record |= {"device_seconds": 9.0, "images_per_hour": 400.0, "wall_seconds": 10.0, "cost": 0.5}
        (folder / "_RUN.json").write_text(json.dumps(record))

    def picture(self, key: str) -> str:
        path = self.folder / f"images/v1/{key[:2]}/{key}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 6), "teal").save(path)
        return f"s3a://bucket/elsewhere/images/v1/{key[:2]}/{key}.png"


def row(number: int, status: str, key: str, **more: object) -> dict:
    request = {"content": "s3a://bucket/pier.jpg", "content_version": "", "substituted_layers": "", "predicted_seconds": 1.0}
    styles = [{"uri": "s3a://bucket/wave.jpg", "weight": 1.0, "mask": "", "style_mask": ""}]
    knobs = {"preset": "balanced", "style_weight": 0.5, "num_iterations": 30}
    return {"row": number, "id": f"r{number}", "key": key, "status": status, "styles": styles, **request, **knobs, **more}


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Three runs: of the last, a row is OK, one FAILED, one SKIPPED because of the first, and one DUPLICATE."""
    made = Made(tmp_path / "out")
    measures = dict.fromkeys(output.MEASURES, 7) | {"style_loss": 0.25, "total_loss": 0.5}
    times = {"started_at": STARTED, "finished_at": FINISHED, "precision": "float32"}
    before = row(0, "OK", "aa11", output_uri=made.picture("aa11"), **(measures | {"style_loss": 0.75} | times))
    curve = [
        dict.fromkeys(output.CURVES, 1.0)
        | {"key": key, "iteration": step, "evaluations": step + 1, "elapsed_ms": 100 * step, "total_loss": total - step}
        for key, total in (("aa11", 30.0), ("bb22", 20.0))
        for step in (2, 0, 1)
    ]
    made.run("before", [before], "2026-01-01T13:00:00Z", curve)
    made.run("later", [row(0, "OK", "cc33", **measures)], "2026-01-01T15:00:00Z")
    (made.folder / "runs/run_date=2026-01-01/run_id=unfinished/metrics").mkdir(parents=True)
    own = {"season / größe": "winter", "season / gr:ße": 12}
    rows = [
        row(0, "OK", "bb22", output_uri=made.picture("bb22"), **measures, **times, **own),
        row(1, "FAILED", "dd44", error_code="NOT_FOUND", error_message="no such photo", output_uri="file:///x/images/v1/dd/dd44.png"),
        row(2, "SKIPPED", "aa11", output_uri=made.picture("aa11")),
        row(3, "DUPLICATE", "bb22", output_uri=made.picture("bb22")),
    ]
    made.run("night", rows, "2026-01-01T14:00:00Z", curve)
    return made


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URI of a database for MLflow. Making it takes longer than the tests that use it."""
    return f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db"


def test_rows_have_their_own_numbers_or_those_of_the_row_that_made_the_picture(made: Made):
    ok, failed, skipped, duplicate = output.run(str(made.folder), "night").rows(curves=True)
    assert ok.parameters == {
        "content": "s3a://bucket/pier.jpg",
        "style": "s3a://bucket/wave.jpg",
        "preset": "balanced",
        "style_weight": 0.5,
        "num_iterations": 30,
        "precision": "float32",
    }
    assert ok.own == {"season / größe": "winter", "season / gr:ße": 12}
    assert ok.measures["style_loss"] == 0.25
    assert [iterate.values["total_loss"] for iterate in ok.curve] == [20, 19, 18]
    assert failed.failure == {"error_code": "NOT_FOUND", "error_message": "no such photo"}
    assert (failed.measures, failed.curve, failed.picture) == ({}, [], None)
    assert (skipped.measures["style_loss"], skipped.curve[0].values["total_loss"]) == (0.75, 30)
    assert (duplicate.measures, duplicate.curve) == (ok.measures, ok.curve)
    assert duplicate.picture == f"{made.folder}/images/v1/bb/bb22.png"


def test_blends_name_all_styles(made: Made):
    styles = [{"uri": uri, "weight": weight, "mask": "", "style_mask": ""} for uri, weight in (("a.jpg", 0.25), ("b.jpg", 0.75))]
    made.run("blend", [row(0, "OK", "ee55", styles=styles)], "2026-01-01T16:00:00Z")
    (blend,) = output.run(str(made.folder), "blend").rows(curves=False)
    assert blend.parameters["style"] == "0.25 a.jpg + 0.75 b.jpg"


def test_takes_the_finished_run_that_ended_last_and_says_if_there_is_none(made: Made):
    assert output.run(str(made.folder), None).id == "later"
    with pytest.raises(output.OutputError, match="expected a finished run with run_id=unfinished"):
        output.run(str(made.folder), "unfinished")


def mlflow_runs(client: MlflowClient, experiment: str) -> tuple[list, list]:
    found = client.search_runs([client.get_experiment_by_name(experiment).experiment_id])
    return [run for run in found if "nst.row" not in run.data.tags], [run for run in found if "nst.row" in run.data.tags]


def test_mlflow_has_a_run_for_each_row_and_a_repeated_export_adds_none(made: Made, database: str, tmp_path: Path):
    client = MlflowClient(database)
    client.create_experiment("looks", f"file://{tmp_path}/artifacts")
    run = output.run(str(made.folder), "night")

    assert to_mlflow.export(run, database, "looks", pictures=True, curves=True) == {"exported": 4}

    (whole,), rows = mlflow_runs(client, "looks")
    assert whole.data.params["manifest"] == "s3a://bucket/m.csv"
    assert whole.data.metrics["rows_failed"] == 1
    assert [artifact.path for artifact in client.list_artifacts(whole.info.run_id)] == ["_RUN.json"]
    by_row = {child.data.tags["nst.row"]: child for child in rows}
    assert {child.data.tags["mlflow.parentRunId"] for child in rows} == {whole.info.run_id}
    ok, failed, skipped = by_row["0"], by_row["1"], by_row["2"]
    assert (ok.info.run_name, ok.info.status, failed.info.status) == ("r0", "FINISHED", "FAILED")
    assert (ok.info.start_time, ok.info.end_time) == (STARTED.timestamp() * 1000, FINISHED.timestamp() * 1000)
    assert (ok.data.params["style_weight"], ok.data.metrics["style_loss"]) == ("0.5", 0.25)
    assert {name: text for name, text in ok.data.tags.items() if name.startswith("column.")} == {
        "column.season / größe": "winter",
        "column.season / gr_ße": "12",
    }
    assert failed.data.tags["nst.error_code"] == "NOT_FOUND"
    assert skipped.data.metrics["style_loss"] == 0.75
    curve = client.get_metric_history(ok.info.run_id, "iterate/total_loss")
    assert [(point.step, point.value) for point in curve] == [(0, 20), (1, 19), (2, 18)]
    assert [artifact.path for artifact in client.list_artifacts(ok.info.run_id)] == ["bb22.png"]

    client.update_run(skipped.info.run_id, "RUNNING")  # as if the export had been stopped there
    again = to_mlflow.export(run, database, "looks", pictures=True, curves=True)
    assert again == {"there already": 3, "exported": 1}
    assert [len(kind) for kind in mlflow_runs(client, "looks")] == [1, 4]


def wandb_records(folder: Path) -> list[Record]:
    """The records of an offline run. Its file is a log of LevelDB with a header; the library itself reads it only to synchronise it."""
    (file,) = folder.glob("run-*.wandb")
    data = file.read_bytes()
    assert data.startswith(b":W&B")
    block, at, records, part = 32 * 1024, 7, [], b""
    while at + 7 <= len(data):
        if block - at % block < 7:  # no room for the head of a fragment
            at += block - at % block
            continue
        length, kind = struct.unpack_from("<HB", data, at + 4)
        part += data[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # a whole record, or its last fragment
            records.append(Record.FromString(part))
            part = b""
    return records


def values(items: object) -> dict[str, object]:
    return {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in items}


def test_wandb_has_an_offline_run_for_each_row_and_a_repeated_export_adds_none(made: Made, tmp_path: Path):
    run = output.run(str(made.folder), "night")

    assert to_wandb.export(run, tmp_path, "looks", pictures=True, curves=True) == {"exported": 4}

    folders = sorted(tmp_path.glob("wandb/offline-run-*"))
    by_name = {}
    for folder in folders:
        records = wandb_records(folder)
        (started,) = (record.run for record in records if record.HasField("run") and record.run.display_name)
        by_name[started.display_name] = started, records, folder
    assert by_name.keys() == {"r0", "r1", "r2", "r3"}
    started, records, folder = by_name["r0"]
    config = values(started.config.update)
    assert (started.project, started.run_group, list(started.tags)) == ("looks", "2026-01-01 night", ["OK"])
    assert (config["style_weight"], config["column"]["season / größe"]) == (0.5, "winter")
    history = [values(record.history.item) for record in records if record.HasField("history")]
    assert [point["iterate/total_loss"] for point in history if "iterate/total_loss" in point] == [20, 19, 18]
    assert len(list(folder.glob("files/media/images/*.png"))) == 1
    summary = {}
    for record in records:
        summary |= values(record.summary.update) if record.HasField("summary") else {}
    assert (summary["style_loss"], summary["status"]) == (0.25, "OK")
    exits = [record.exit.exit_code for record in by_name["r1"][1] if record.HasField("exit")]
    assert exits == [1]

    (folders[0] / to_wandb.COMPLETE).unlink()  # as if the export had been stopped there
    assert to_wandb.export(run, tmp_path, "looks", pictures=True, curves=True) == {"there already": 3, "exported": 1}
    assert len(list(tmp_path.glob("wandb/offline-run-*"))) == 4


def command(*arguments: str) -> str:
    program = Path(__file__).parent
    return subprocess.run([sys.executable, program, *arguments], check=True, capture_output=True, text=True).stdout


@pytest.mark.skipif("NST_OUTPUT" not in os.environ, reason="needs the output of a real run, named by NST_OUTPUT")
def test_exports_a_real_run(database: str, tmp_path: Path):
    real = output.run(os.environ["NST_OUTPUT"], None)
    rows = list(real.rows(curves=True))
    total = real.record["rows"]["total"]
    assert len(rows) == total > 0
    made = [row for row in rows if row.status == "OK"]
    assert made
    for row in made:
        assert row.measures.keys() == set(output.MEASURES)
        assert len(row.parameters) > 50
        assert row.curve[-1].iteration == row.measures["iterations"]
        assert output.exists(row.picture)

    MlflowClient(database).create_experiment("nst", f"file://{tmp_path}/artifacts")
    said = command("mlflow", "--output", os.environ["NST_OUTPUT"], "--tracking-uri", database)
    assert said == f"run_id={real.id}: {total} rows exported, 0 were there already\n"
    said = command("wandb", "--output", os.environ["NST_OUTPUT"], "--directory", str(tmp_path))
    assert said == f"run_id={real.id}: {total} rows exported, 0 were there already\n"
