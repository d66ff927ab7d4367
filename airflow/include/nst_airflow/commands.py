"""The command lines of the job, as lists of arguments. They do not pass through a shell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nst_airflow.runs import RunIdentity

RETRY_MODES = ("none", "transient", "all")

_SECRETS = (
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"), "an AWS access key id"),
    (re.compile(r"X-Amz-(Signature|Credential|Security-Token)", re.I), "a presigned URL"),
    (re.compile(r"(secret|password|passwd|token|access[._-]?key)[^=\s]*=", re.I), "a secret"),
    (re.compile(r"^\w+://[^/@\s]*:[^/@\s]*@"), "a password in a URI"),
)


def validate(manifest: str, config: str | None) -> list[str]:
    return ["validate", manifest, "--json", *_config(config)]


def plan(manifest: str, output: str, price_per_hour: float, config: str | None) -> list[str]:
    return ["plan", manifest, "--output", output, "--price-per-hour", str(price_per_hour), "--json", *_config(config)]


@dataclass(frozen=True)
class RunLimits:
    """What a run may retry, lose and cost."""

    retry: str
    max_failed_ratio: float
    price_per_hour: float

    def __post_init__(self) -> None:
        if self.retry not in RETRY_MODES:
            raise ValueError(f"Invalid retry: expected one of {', '.join(RETRY_MODES)}, was {self.retry!r}")


def run(manifest: str, output: str, identity: RunIdentity, limits: RunLimits, config: str | None) -> list[str]:
    return ["run", manifest, *_run_options(output, identity, limits), *_config(config)]


def plan_sweep(definition: str, output: str, price_per_hour: float, config: str | None) -> list[str]:
    """Writes the manifest of a definition to the output, and plans it."""
    return [
        "sweep", "--definition", definition, "--run", "--dry-run", "--output", output,
        "--price-per-hour", str(price_per_hour), "--json", *_config(config),
    ]  # fmt: skip


def run_sweep(definition: str, output: str, identity: RunIdentity, limits: RunLimits, config: str | None) -> list[str]:
    return ["sweep", "--definition", definition, "--run", *_run_options(output, identity, limits), *_config(config)]


def _run_options(output: str, identity: RunIdentity, limits: RunLimits) -> list[str]:
    return [
        "--output", output,
        "--run-id", identity.run_id, "--run-date", identity.run_date.isoformat(),
        "--retry", limits.retry, "--max-failed-ratio", str(limits.max_failed_ratio),
        "--price-per-hour", str(limits.price_per_hour),
        "--json",
    ]  # fmt: skip


def verify(output: str, identity: RunIdentity, config: str | None) -> list[str]:
    return ["verify", "--output", output, "--run-id", identity.run_id, "--json", *_config(config)]


def report(output: str, identity: RunIdentity, config: str | None) -> list[str]:
    return ["report", "--output", output, "--run-id", identity.run_id, *_config(config)]


def refuse_secrets(values: Iterable[str]) -> None:
    """Refuses secrets in arguments, which `ps`, Spark's UI and event log and Airflow's rendered fields show.

    The message names the kind and the position, never the value.
    """
    for position, value in enumerate(values):
        for pattern, kind in _SECRETS:
            if pattern.search(value):
                raise ValueError(
                    f"Argument {position} looks like {kind}: credentials come from a role or from the environment"
                )


def _config(config: str | None) -> list[str]:
    return [] if config is None else ["--config", config]
