"""Reports failed tasks: always to the log, and by mail if the deployment names an address."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from nst_airflow.settings import Settings

_log = logging.getLogger("nst.alerts")


def log_failure(context: Any) -> None:
    """Logs one line of JSON, for alerts on the log. Airflow calls it after the last try, not on each retry."""
    instance = context.get("ti")
    _log.error(
        "%s",
        json.dumps({
            "alert": "task_failed",
            "dag": context["dag"].dag_id,
            "task": getattr(instance, "task_id", None),
            "run_id": context["run_id"],
            "error": str(context.get("exception"))[:500],
        }),
    )  # fmt: skip


def on_failure(settings: Settings) -> list[Callable[[Any], None]]:
    callbacks: list[Callable[[Any], None]] = [log_failure]
    if settings.alert_email is not None:
        from airflow.providers.smtp.notifications.smtp import SmtpNotifier

        callbacks.append(
            SmtpNotifier(
                smtp_conn_id="smtp_default",
                to=settings.alert_email,
                subject="{{ dag.dag_id }}.{{ ti.task_id }} failed in {{ run_id }}",
                html_content="<p>The task's log has the counts and the reason.</p>",
            )
        )
    return callbacks
