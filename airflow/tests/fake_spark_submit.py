"""Replaces spark-submit and ./submit.sh: records its calls and does what the test's script says.

AIRFLOW_NST_FAKE names a folder with script.json: for each command a list of steps, one for each call; the last one is repeated. A step can have `exit`, `failures` (rows by error code), `rows`, `loss`, `statuses`, `no_record`, `lose_images`, `answer`.
"""

import json
import os
import sys
from datetime import datetime, timezone
from pathlib import Path

COMMANDS = ("validate", "plan", "run", "sweep", "verify", "report")


def main() -> int:
    fake = Path(os.environ["AIRFLOW_NST_FAKE"])
    arguments = sys.argv[1:]
    command = next(argument for argument in arguments if argument in COMMANDS)
    calls = fake / "calls.jsonl"
    earlier = [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []
    with calls.open("a") as log:
        log.write(json.dumps({"binary": sys.argv[0], "command": command, "arguments": arguments}) + "\n")
    steps = json.loads((fake / "script.json").read_text()).get(command) or [{}]
    step = steps[min(sum(call["command"] == command for call in earlier), len(steps) - 1)]
    code = step.get("exit", 0)

    print(json.dumps({"level": "INFO", "message": f"fake {command}"}), file=sys.stderr, flush=True)
    does = command
    if command == "sweep":
        does = "plan" if "--dry-run" in arguments else "run"
    answer = {
        "validate": {"problems": []},
        "plan": {
            "rows": {"total": 10}, "device_hours": 0.5, "cost": 2.0, "devices": 1, "makespan_hours": 0.5, "refused": [],
        },
        "verify": {"missing": 0, "orphaned": 0, "altered": 0},
    }.get(does, {})  # fmt: skip
    answer.update(step.get("answer", {}))
    if does == "run" and code in (0, 3) and not step.get("no_record"):
        answer = finish_run(arguments, step, code)
    if command != "report":
        print(json.dumps(answer, indent=1), flush=True)
    print("26/11/21 12:00:00 INFO the end", file=sys.stderr, flush=True)
    return code


def finish_run(arguments: list[str], step: dict, code: int) -> dict:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def option(name: str) -> str:
        return arguments[arguments.index(name) + 1]

    output = Path(option("--output"))
    folder = output / "runs" / f"run_date={option('--run-date')}" / f"run_id={option('--run-id')}"
    metrics = folder / "metrics"
    metrics.mkdir(parents=True, exist_ok=True)
    total = step.get("rows", 10)
    failures = [name for name, count in sorted(step.get("failures", {}).items()) for _ in range(count)]
    rows = []
    for index in range(total):
        name = f"images/v1/{index:02x}/{index:032x}.png"
        failed = index < len(failures)
        if not failed and not step.get("lose_images"):
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            (output / name).write_bytes(b"image")
        loss = None if failed else step.get("loss", 100.0) + index
        rows.append({
            "status": "FAILED" if failed else "OK",
            "error_code": failures[index] if failed else None,
            "evaluations": None if failed else 30,
            "content_loss": loss, "style_loss": loss, "total_loss": loss,
            "output_uri": None if failed else f"{output}/{name}",
            "output_bytes": None if failed else 5,
        })  # fmt: skip
    schema = pa.schema([
        ("status", pa.string()), ("error_code", pa.string()), ("evaluations", pa.int32()),
        ("content_loss", pa.float64()), ("style_loss", pa.float64()), ("total_loss", pa.float64()), ("output_uri", pa.string()), ("output_bytes", pa.int64()),
    ])  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), metrics / "part-00000.parquet")
    record = {
        "run_id": option("--run-id"), "run_date": option("--run-date"),
        "rows": {"total": total, "ok": total - len(failures), "failed": len(failures), "skipped": 0, "duplicate": 0},
        "failures": step.get("failures", {}), "device_seconds": 12.5, "cost": 0.01, "exit_code": code,
        "networks": [{"backbone": "vgg16", "name": "test", "sha256": "0" * 64, "trained": False}],
        "finished_at": datetime.now(timezone.utc).isoformat(),
    }  # fmt: skip
    (folder / "_RUN.json").write_text(json.dumps(record))
    return record


if __name__ == "__main__":
    sys.exit(main())
