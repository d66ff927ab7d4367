"""A SparkSubmitOperator for the job: it knows its exit codes, its `_RUN.json` and its output."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowNotFoundException

from nst_airflow import storage
from nst_airflow.commands import refuse_secrets
from nst_airflow.outcome import (
    Ending,
    ExitCode,
    RunRecord,
    concerns_rows_only,
    ending_of_code,
    ending_of_record,
    last_json_object,
)

# Airflow kills a task that has not ended 60 seconds after it was asked to (core.killed_task_cleanup_time).
_SECONDS_TO_STOP = 45
_LINES_KEPT = 10_000


class JobHook(SparkSubmitHook):
    """Keeps the output of the job, and sends SIGTERM before it kills it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.printed: deque[str] = deque(maxlen=_LINES_KEPT)

    @property
    def exit_code(self) -> int | None:
        """The exit code of the process; on Kubernetes that of the driver, from the log. None if it did not run."""
        if self._submit_sp is None:
            return None
        return self._submit_sp.returncode or self._spark_exit_code or 0

    @property
    def loses_exit_code(self) -> bool:
        return self._connection["deploy_mode"] == "cluster"

    @property
    def names_a_master(self) -> bool:
        # Without a host the hook makes `spark://`; from text that is neither JSON nor a URI, `://`.
        return not self._connection["master"].endswith("://")

    def _process_spark_submit_log(self, itr: Iterator[Any]) -> None:
        super()._process_spark_submit_log(self._kept(itr))

    def _kept(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self.printed.append(line)
            yield line

    def on_kill(self) -> None:
        """Sends SIGTERM first: the job then cancels the current image, writes finished results and ends with 143."""
        if self._submit_sp is not None and self._submit_sp.poll() is None:
            self._submit_sp.terminate()
            try:
                self._submit_sp.wait(timeout=_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.log.warning("The job did not stop within %d seconds of SIGTERM", _SECONDS_TO_STOP)
        super().on_kill()


class JobOperator(SparkSubmitOperator):
    """One command of the job. Settings such as the sizes of executors belong in `conf` or the properties file.

    Submits and returns the result. Errors that a retry cannot solve fail at once; others are left
    to the task's retries.
    """

    def __init__(self, **kwargs: Any) -> None:
        # Airflow would resume by watching an existing application. The job resumes by run id and lease, for every master.
        super().__init__(durable=False, **kwargs)

    def _get_hook(self) -> JobHook:
        # Without the connection, SparkSubmitHook would use `--master yarn` without a message.
        try:
            BaseHook.get_connection(self._conn_id)
        except AirflowNotFoundException as missing:
            raise AirflowFailException(
                f"No connection {self._conn_id!r}: it names the Spark master, "
                f'e.g. AIRFLOW_CONN_{self._conn_id.upper()}=\'{{"conn_type": "spark", "host": "local[*]"}}\''
            ) from missing
        hook = JobHook(
            conf=self.conf,
            conn_id=self._conn_id,
            java_class=self._java_class,
            name=self.name,
            application_args=self.application_args,
            env_vars=self.env_vars,
            spark_binary=self._spark_binary,
            properties_file=self.properties_file,
            deploy_mode=self._deploy_mode,
        )
        if not hook.names_a_master:
            raise AirflowFailException(f"The connection {self._conn_id!r} names no Spark master: is its JSON whole?")
        return hook

    def _submit(self, context: Any) -> tuple[int | None, AirflowException | None]:
        """Runs the command. An exception of the hook has the command and the end of the log in its message."""
        try:
            refuse_secrets([*map(str, self.application_args or ()), *map(str, (self.conf or {}).values())])
        except ValueError as fault:
            raise AirflowFailException(str(fault)) from fault
        self._hook = self._get_hook()
        try:
            super().execute(context)
        except AirflowFailException:
            raise
        except AirflowException as fault:
            return self._hook.exit_code, fault
        return self._hook.exit_code, None

    def _problems(self) -> list[dict[str, Any]]:
        """The problems that the command reported, if any."""
        if self._hook is None:
            return []
        try:
            return last_json_object(self._hook.printed, "problems")["problems"]
        except ValueError:
            return []

    def _said(self) -> str:
        """The problems that the command listed, or the end of what it printed."""
        problems = self._problems()
        if not problems:
            return " | ".join(line.strip() for line in list(self._hook.printed)[-5:])
        shown = "; ".join(
            " ".join(str(problem[key]) for key in ("where", "column", "message") if problem.get(key))
            for problem in problems[:20]
        )
        return f"{len(problems)} problems: {shown}"


class QueryOperator(JobOperator):
    """`validate`, `plan`, `verify`, `report`: commands that use no device. Returns the JSON object that they print.

    They always run in client mode, because in cluster mode their output would stay in the cluster.
    Exit codes 2 and 3 fail without retries.

    :param expects: keys of the object; with none, nothing is read and None is returned.
    """

    def __init__(self, *, expects: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(deploy_mode="client", **kwargs)
        self.expects = tuple(expects)

    def execute(self, context: Any) -> dict[str, Any] | None:
        code, fault = self._submit(context)
        if fault is not None:
            if code in (ExitCode.INVALID, ExitCode.TOO_MANY_FAILED):
                raise AirflowFailException(f"{self.task_id}: exit code {code}; {self._said()}") from fault
            raise fault
        if not self.expects:
            return None
        try:
            return last_json_object(self._hook.printed, *self.expects)
        except ValueError as unreadable:
            raise AirflowFailException(f"{self.task_id}: {unreadable}") from unreadable


class ValidateOperator(QueryOperator):
    """`validate`: errors of single rows are a warning; any other error fails without retries.

    One invalid row must not prevent the others: the run gives it an error code, and the budget gate and the quality
    gate compare the share of such rows with `max_failed_ratio`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(expects=["problems"], **kwargs)

    def execute(self, context: Any) -> dict[str, Any]:
        try:
            return super().execute(context)
        except AirflowFailException:
            problems = self._problems()
            if not concerns_rows_only(problems):
                raise
            self.log.warning("%s", self._said())
            return {"problems": problems}


class TransferOperator(JobOperator):
    """`run`: the command that uses devices. Returns the outcome and the counts of `_RUN.json`.

    ======================= ==========================================================
    ending                  task
    ======================= ==========================================================
    complete (0)            success, outcome "complete"
    too many failed (3)     success, outcome "too_many_failed": later tasks decide
    invalid (2)             failed at once
    anything else           failed, and tried again with back-off; the job resumes
    ======================= ==========================================================

    :param record: URI of the run's `_RUN.json`
    """

    template_fields = (*SparkSubmitOperator.template_fields, "record")

    def __init__(self, *, record: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.record = record

    def execute(self, context: Any) -> dict[str, Any]:
        before = self._read_record()
        code, fault = self._submit(context)
        after = self._read_record()
        if self._hook.loses_exit_code:
            ending = ending_of_record(before, after)
        elif code is None:
            ending = Ending.TRY_AGAIN
        else:
            ending = ending_of_code(code, after)
        if ending is Ending.INVALID:
            raise AirflowFailException(
                f"Invalid input or configuration, nothing was started; {self._said()}"
            ) from fault
        if ending is Ending.TRY_AGAIN:
            if fault is not None:
                raise fault
            raise AirflowException(
                f"The job ended with exit code {code}, but {self.record} does not tell of a finished run"
            )
        self.log.info("%s: %s", ending.value, after.counts())
        return {
            "run_id": after.run_id,
            "outcome": ending.value,
            "exit_code": after.exit_code,
            "counts": after.counts(),
            "retryable": after.retryable,
            "device_seconds": after.device_seconds,
            "cost": after.cost,
        }

    def _read_record(self) -> RunRecord | None:
        try:
            return RunRecord.parse(storage.read(self.record))
        except storage.MissingObject:
            return None
        except ValueError as fault:
            raise AirflowException(f"{self.record}: {fault}") from fault
