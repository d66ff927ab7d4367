"""Tests the code that does not need Airflow."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from nst_airflow import commands, storage
from nst_airflow.budget import Budget
from nst_airflow.outcome import (
    RETRYABLE_CODES,
    Ending,
    RunRecord,
    concerns_rows_only,
    ending_of_code,
    ending_of_record,
    last_json_object,
)
from nst_airflow.runs import RunIdentity, identify, is_manifest, sweep_identity
from nst_airflow.settings import PREFIX, Settings

REPOSITORY = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def record(**changes) -> RunRecord:
    rows = {"total": 10, "ok": 8, "failed": 2, "skipped": 0, "duplicate": 0}
    raw = {
        "run_id": "nightly-2026-11-20", "exit_code": 0, "finished_at": "2026-11-20T03:00:00Z", "rows": rows,
        "failures": {"IO_ERROR": 1, "EMPTY": 1}, "device_seconds": 5,
    }  # fmt: skip
    return RunRecord.parse(json.dumps({**raw, **changes}))


class TestIdentity:
    def test_takes_the_first_source_that_says_something(self):
        sources = {
            "requested": "2026-01-01",
            "partition_key": "2026-01-02",
            "event_extras": [{"run_date": "2026-01-03"}],
            "data_interval_start": datetime(2026, 1, 4, tzinfo=timezone.utc),
            "logical_date": datetime(2026, 1, 5, tzinfo=timezone.utc),
            "run_after": datetime(2026, 1, 6, 1, 2, 3, tzinfo=timezone.utc),
        }
        found = []
        while sources:
            found.append(identify("nightly", **sources).run_id)
            del sources[next(iter(sources))]
        assert found == [f"nightly-2026-01-0{day}" for day in range(1, 6)] + ["nightly-2026-01-06-at-010203"]

    def test_counts_days_in_utc(self):
        early_in_sydney = datetime(2026, 11, 21, 6, tzinfo=timezone(timedelta(hours=11)))
        assert identify("nightly", data_interval_start=early_in_sydney).run_date == date(2026, 11, 20)

    @pytest.mark.parametrize(
        ("sources", "words"),
        [
            ({}, "No run date"),
            ({"requested": "20th of November"}, "Invalid run_date: expected a date such as"),
            ({"partition_key": "eu-west"}, "Invalid partition key"),
            ({"data_interval_start": datetime(2026, 11, 20)}, "no time zone"),
            ({"event_extras": [{"run_date": "2026-01-01"}, {"run_date": "2026-01-02"}]}, "several run dates"),
        ],
    )
    def test_fails_with_words(self, sources, words):
        with pytest.raises(ValueError, match=words):
            identify("nightly", **sources)

    @pytest.mark.parametrize("run_id", ["../x", "Nightly", "", "a/b", "a" * 101])
    def test_refuses_a_name_that_is_no_plain_folder(self, run_id):
        with pytest.raises(ValueError, match="Invalid run id"):
            RunIdentity(date(2026, 11, 20), run_id)

    def test_keeps_namesakes_of_two_folders_apart(self):
        base = identify("sweep", requested="2026-11-20")
        one, other = (sweep_identity(base, f"s3a://b/{folder}/Grid 1.parquet") for folder in "xy")
        assert one.run_id.startswith("sweep-2026-11-20-grid-1-")
        assert one.run_id != other.run_id
        assert one == sweep_identity(base, "s3a://b/x/Grid 1.parquet")
        assert sweep_identity(base, "/x/Grid 1.conf").run_id.startswith("sweep-2026-11-20-grid-1-")

    @pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.tsv", "a.jsonl", "a.ndjson", "a.csv.gz"])
    def test_knows_a_manifest_by_its_name(self, name):
        assert is_manifest(f"s3a://b/{name}")
        assert not is_manifest(f"s3a://b/{name}.txt")
        run_id = sweep_identity(identify("sweep", requested="2026-11-20"), f"s3a://b/{name}").run_id
        assert run_id.startswith("sweep-2026-11-20-a-")
        assert len(run_id) == len("sweep-2026-11-20-a-") + 8


class TestRecord:
    def test_counts_what_may_succeed_when_run_again(self):
        assert record(failures={"IO_ERROR": 1, "TIMEOUT": 2, "EMPTY": 4}).retryable == 3

    def test_the_retryable_codes_are_those_of_the_job(self):
        source = REPOSITORY / "src/main/java/nst/model/ErrorCode.java"
        codes = re.findall(r"^\s+([A-Z_]+)\(\s*Fault\.\w+,\s*Again\.YES", source.read_text(), re.MULTILINE)
        assert sorted(codes) == sorted(RETRYABLE_CODES)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": 3}', json.dumps({"run_id": "x", "rows": {"total": 1}})])
    def test_refuses_what_is_no_record(self, text):
        with pytest.raises(ValueError, match=r"Invalid _RUN\.json"):
            RunRecord.parse(text)


class TestEnding:
    @pytest.mark.parametrize(
        ("code", "recorded", "ending"),
        [
            (0, 0, Ending.COMPLETE),
            (3, 3, Ending.TOO_MANY_FAILED),
            (0, 3, Ending.TOO_MANY_FAILED),  # the record decides
            (0, 4, Ending.TRY_AGAIN),
            (0, None, Ending.TRY_AGAIN),
            (2, None, Ending.INVALID),
            (2, 0, Ending.INVALID),
            (4, 0, Ending.TRY_AGAIN),  # the record is from an earlier pass
            (143, 0, Ending.TRY_AGAIN),
            (1, None, Ending.TRY_AGAIN),
        ],
    )
    def test_by_code(self, code, recorded, ending):
        assert ending_of_code(code, None if recorded is None else record(exit_code=recorded)) is ending

    def test_by_record_alone(self):
        old, new = record(exit_code=3), record(exit_code=0, finished_at="2026-11-20T04:00:00Z")
        assert ending_of_record(None, old) is Ending.TOO_MANY_FAILED
        assert ending_of_record(old, new) is Ending.COMPLETE
        assert ending_of_record(old, old) is Ending.TRY_AGAIN
        assert ending_of_record(old, None) is Ending.TRY_AGAIN


class TestPrintedJson:
    def test_is_found_between_log_lines_on_one_line_and_on_several(self):
        lines = ['{"level": "INFO"}', "INFO {starting", '{"cost": 1}', "{", ' "cost": 2,', ' "rows": {}', "}", "bye"]
        assert last_json_object(lines, "cost") == {"cost": 2, "rows": {}}
        assert last_json_object(lines[:3], "cost") == {"cost": 1}

    def test_is_missed_with_words(self):
        with pytest.raises(ValueError, match="no JSON object with cost, rows"):
            last_json_object(['{"level": "INFO"}', "[1]"], "cost", "rows")


def test_faults_of_rows_are_told_from_faults_of_columns_and_configuration():
    row = {"where": "row 7 id=sunset", "column": "INVALID_PARAMETER", "message": "was -1"}
    column = {"where": "manifest", "column": "content", "message": "is missing"}
    assert concerns_rows_only([row, row])
    assert not concerns_rows_only([row, column])
    assert not concerns_rows_only([])


class TestBudget:
    LIMITS = Budget(max_cost=10, max_device_hours=5, max_makespan_hours=2, max_refused_ratio=0.1)

    def plan(self, **changes):
        plan = {
            "rows": {"total": 10},
            "cost": 10,
            "device_hours": 5,
            "makespan_hours": 2,
            "refused": [{"code": "INVALID_ID", "rows": 1}],
        }
        return {**plan, **changes}

    def test_a_plan_that_meets_every_limit_is_within(self):
        assert self.LIMITS.faults([self.plan()]) == []

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"cost": 10.01}, "cost 10.01 is over the limit of 10"),
            ({"cost": float("nan")}, "cost nan is over"),
            ({"cost": None}, "gives no cost"),
            ({"device_hours": 6}, "device_hours 6 is over"),
            ({"makespan_hours": 3}, "makespan_hours 3 is over"),
            (
                {"refused": [{"code": "INVALID_ID", "rows": 1}, {"code": "EMPTY", "rows": 2}]},
                "3 of 10 rows would be refused",
            ),
        ],
    )
    def test_names_what_is_over(self, changes, fault):
        (found,) = self.LIMITS.faults([self.plan(**changes)])
        assert fault in found

    def test_adds_plans_up_and_lists_every_fault(self):
        assert len(self.LIMITS.faults([self.plan(), self.plan()])) == 3

    def test_no_plan_costs_nothing(self):
        assert self.LIMITS.faults([]) == []


class TestCommands:
    def test_refuses_an_unknown_retry(self):
        with pytest.raises(ValueError, match="expected one of none, transient, all, was 'some'"):
            commands.RunLimits("some", max_failed_ratio=0.1, price_per_hour=1)

    @pytest.mark.parametrize(
        "value",
        ["AKIA" + "ABCD" * 4, "s3a://b/x?x-amz-signature=1", "--set=s3.secret.key=1", "db.password=1", "s3a://u:p@b/x"],
    )
    def test_refuses_a_secret_without_repeating_it(self, value):
        with pytest.raises(ValueError, match="Argument 1 looks like") as refused:
            commands.refuse_secrets(["run", value])
        assert value not in str(refused.value)

    def test_lets_plain_arguments_pass(self):
        commands.refuse_secrets(["run", "s3a://photos/2026-11-20/manifest.parquet", "--max-failed-ratio", "0.01"])


class TestSettings:
    def test_every_name_is_documented(self):
        readme = (REPOSITORY / "airflow/README.md").read_text()
        names = re.findall(r'text\("(\w+)"\)', Path(commands.__file__).with_name("settings.py").read_text())
        assert names
        assert [name for name in names if f"AIRFLOW_NST_{name}" not in readme] == []

    def test_an_empty_environment_fails_with_words_when_it_is_used(self):
        settings = Settings.from_environment({})
        with pytest.raises(ValueError, match="AIRFLOW_NST_OUTPUT is not set"):
            settings.require_output()
        with pytest.raises(ValueError, match="No manifest: set AIRFLOW_NST_MANIFEST"):
            settings.manifest_for(None, "2026-11-20")

    def test_no_name_is_one_that_the_job_would_take_for_its_own(self):
        assert not PREFIX.startswith("NST_"), "the job refuses an NST_ key that it does not know"


class TestStorage:
    def test_reads_every_way_of_writing_a_local_uri(self, tmp_path):
        (tmp_path / "a b").write_bytes(b"1")
        for uri in (f"{tmp_path}/a b", f"file:{tmp_path}/a%20b", f"file://{tmp_path}/a%20b"):
            assert storage.read(uri) == b"1"
            assert storage.size(uri) == 1

    def test_says_what_is_missing(self, tmp_path):
        with pytest.raises(storage.MissingObject, match="nothing"):
            storage.read(f"{tmp_path}/nothing")
        assert storage.size(f"{tmp_path}/nothing") is None
        assert storage.children(f"{tmp_path}/nothing") == []

    @pytest.mark.parametrize("uri", ["relative/path", "http://host/x", "jar:file:/x"])
    def test_refuses_other_places(self, uri):
        with pytest.raises(ValueError, match="Cannot read"):
            storage.read(uri)
