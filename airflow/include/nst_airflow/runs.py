"""The identity of a run: its date, its name and its folder. It is the same on every try, so that a retry resumes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone

_RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True)
class RunIdentity:
    run_date: date
    run_id: str

    def __post_init__(self) -> None:
        if not _RUN_ID.fullmatch(self.run_id):
            raise ValueError(f"Invalid run id: expected {_RUN_ID.pattern}, was {self.run_id!r}")

    def folder(self, output: str) -> str:
        return f"{output.rstrip('/')}/runs/run_date={self.run_date.isoformat()}/run_id={self.run_id}"

    def record(self, output: str) -> str:
        """The commit marker, which the job writes last."""
        return f"{self.folder(output)}/_RUN.json"


def identify(
    kind: str,
    *,
    requested: str | None = None,
    partition_key: str | None = None,
    event_extras: Iterable[Mapping[str, object]] = (),
    data_interval_start: datetime | None = None,
    logical_date: datetime | None = None,
    run_after: datetime | None = None,
) -> RunIdentity:
    """The identity of a scheduled, manual or asset-triggered run of the DAG `kind`.

    The date is the first of: the parameter, the partition key, the `run_date` of the asset events, the start of the data
    interval, the logical date. A run without any of them gets the UTC date of `run_after`
    and the time of day in its name, so that two events of one day do not resume each other. Airflow keeps `run_after`
    over retries and clears.
    """
    for what, text in (("run_date", requested), ("partition key", partition_key)):
        if text:
            day = _day(what, text)
            return RunIdentity(day, f"{kind}-{day.isoformat()}")
    announced = {_day("run_date of an asset event", str(e["run_date"])) for e in event_extras if e.get("run_date")}
    if len(announced) > 1:
        days = ", ".join(sorted(d.isoformat() for d in announced))
        raise ValueError(f"The asset events name several run dates ({days}): trigger one run for each with run_date")
    if announced:
        (day,) = announced
        return RunIdentity(day, f"{kind}-{day.isoformat()}")
    for moment in (data_interval_start, logical_date):
        if moment is not None:
            day = _utc(moment).date()
            return RunIdentity(day, f"{kind}-{day.isoformat()}")
    if run_after is not None:
        moment = _utc(run_after)
        return RunIdentity(moment.date(), f"{kind}-{moment:%Y-%m-%d-at-%H%M%S}")
    raise ValueError("No run date: this run has no data interval, no logical date and no asset event; set run_date")


def sweep_identity(base: RunIdentity, manifest: str) -> RunIdentity:
    """The identity of a run for a manifest or a definition: the file's name for people, and a digest of its URI, because names may repeat."""
    stem = manifest.rstrip("/").rsplit("/", 1)[-1].removesuffix(".parquet").removesuffix(".conf").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40] or "manifest"
    digest = hashlib.sha256(manifest.encode()).hexdigest()[:8]
    return RunIdentity(base.run_date, f"{base.run_id}-{slug}-{digest}")


def _day(what: str, text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"Invalid {what}: expected a date such as 2026-11-20, was {text!r}") from None


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"Invalid moment {moment.isoformat()}: it has no time zone")
    return moment.astimezone(timezone.utc)
