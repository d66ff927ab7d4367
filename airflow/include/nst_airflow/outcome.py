"""How a run of the job ended. `_RUN.json` decides; the exit code is a summary that a cluster may lose."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# nst.model.ErrorCode.isRetryable; a test compares the two if the sources are available.
RETRYABLE_CODES = ("THROTTLED", "SOURCE_CHANGED", "IO_ERROR", "OUT_OF_MEMORY", "DEVICE_LOST", "TIMEOUT", "INTERNAL")


class ExitCode(enum.IntEnum):
    COMPLETE = 0
    INVALID = 2
    TOO_MANY_FAILED = 3
    JOB_FAILED = 4
    TERMINATED = 143


class Ending(enum.Enum):
    """How the scheduler treats the end of a run."""

    COMPLETE = "complete"
    TOO_MANY_FAILED = "too_many_failed"
    INVALID = "invalid"
    TRY_AGAIN = "try_again"


@dataclass(frozen=True)
class RunRecord:
    """The part of `_RUN.json` that decisions need."""

    run_id: str
    exit_code: int
    finished_at: str
    total: int
    ok: int
    failed: int
    skipped: int
    duplicate: int
    failures: Mapping[str, int] = field(default_factory=dict)
    device_seconds: float = 0.0
    cost: float | None = None
    weights_sha256: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str | bytes) -> RunRecord:
        try:
            raw = json.loads(text)
            rows = raw["rows"]
            cost = raw.get("cost")
            return cls(
                run_id=raw["run_id"],
                exit_code=int(raw["exit_code"]),
                finished_at=str(raw["finished_at"]),
                **{name: int(rows[name]) for name in ("total", "ok", "failed", "skipped", "duplicate")},
                failures={code: int(count) for code, count in sorted(raw.get("failures", {}).items())},
                device_seconds=float(raw.get("device_seconds") or 0.0),
                cost=None if cost is None else float(cost),
                weights_sha256=tuple(network["sha256"] for network in raw.get("networks") or []),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise ValueError(f"Invalid _RUN.json: {type(fault).__name__} {fault}") from fault

    @property
    def retryable(self) -> int:
        """The number of failed rows that may succeed if they are run again unchanged."""
        return sum(self.failures.get(code, 0) for code in RETRYABLE_CODES)

    @property
    def done(self) -> int:
        return self.ok + self.skipped

    def counts(self) -> str:
        codes = ", ".join(f"{code} {count}" for code, count in self.failures.items())
        return (
            f"{self.total} rows: {self.ok} OK, {self.skipped} done before, {self.duplicate} duplicate, "
            f"{self.failed} failed{f' ({codes})' if codes else ''}"
        )


def ending_of_code(exit_code: int, record: RunRecord | None) -> Ending:
    """The ending if spark-submit returns the driver's exit code: in local mode and client deploy mode."""
    if exit_code == ExitCode.INVALID:
        return Ending.INVALID
    if exit_code in (ExitCode.COMPLETE, ExitCode.TOO_MANY_FAILED) and record is not None:
        return _ending_of(record)
    return Ending.TRY_AGAIN


def ending_of_record(before: RunRecord | None, after: RunRecord | None) -> Ending:
    """The ending if the exit code is lost (cluster deploy mode), from a record that was written after the submission.

    A record of an earlier pass, or a missing one, says nothing about this one.
    """
    if after is None or (before is not None and before.finished_at == after.finished_at):
        return Ending.TRY_AGAIN
    return _ending_of(after)


def _ending_of(record: RunRecord) -> Ending:
    return {ExitCode.COMPLETE: Ending.COMPLETE, ExitCode.TOO_MANY_FAILED: Ending.TOO_MANY_FAILED}.get(
        record.exit_code, Ending.TRY_AGAIN
    )


def concerns_rows_only(problems: Sequence[Mapping[str, Any]]) -> bool:
    """Whether `validate` found only errors of single rows. A run then fails those rows and computes the others."""
    return bool(problems) and all(str(problem.get("where", "")).startswith("row ") for problem in problems)


def last_json_object(lines: Iterable[str], *required: str) -> dict[str, Any]:
    """The last JSON object in a mixture of log lines and output that has all the `required` keys.

    Airflow gets spark-submit's output as one stream. The object may be on one line or on several.
    """
    decoder = json.JSONDecoder()
    text = "\n".join(line.rstrip("\n") for line in lines)
    found: dict[str, Any] | None = None
    start = 0
    while start < len(text):
        if text[start] == "{":
            try:
                value, end = decoder.raw_decode(text, start)
            except ValueError:
                pass
            else:
                if all(key in value for key in required):
                    found = value
                start = end
        newline = text.find("\n", start)
        start = len(text) if newline < 0 else newline + 1
    if found is None:
        raise ValueError(f"The job printed no JSON object with {', '.join(required)}: was --json understood?")
    return found
