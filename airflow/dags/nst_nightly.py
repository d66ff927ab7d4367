"""
### The nightly catalogue

Stylises every row of the day's manifest, checks the result and announces it as the asset `nst_images`.

| task | does | takes |
|---|---|---|
| `resolve` | run date, run id and command lines | nothing |
| `validate` | all errors of manifest and configuration in one list; errors of single rows are only reported | a driver |
| `plan` | rows, device-hours and money | a driver |
| `budget_gate` | stops a plan over `max_cost`, `max_device_hours`, `max_makespan_hours` or the allowed refusals | nothing |
| `run` | the job; resumes when it is retried or cleared | **the devices** |
| `failed_rows` | decides whether another pass can help | nothing |
| `retry_rows` | one more pass over the rows that failed with a retryable error; skipped if there are none | **the devices** |
| `verify` | reconciles tables with images | a driver |
| `quality_gate` | checks that every row is accounted for, the share of finished rows, finite losses, the median loss and a sample of the images | reads the metrics table |
| `publish` | the asset event, with the counts | nothing |
| `report` | rebuilds the page from the tables | a driver |

Exit codes of the job: 0 success; 2 fails at once; 3 (too many rows failed) one pass more and then the gate; anything else is retried with back-off. `_RUN.json` decides; the exit code is only a summary.

The job's run id is `nightly-` and the day that the data interval starts, so every retry of a night resumes the same run.
A manual run without a logical date and an asset event without `run_date` in its extra get a run of their own.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import (
    Asset,
    AssetOrTimeSchedule,
    CronDataIntervalTimetable,
    Metadata,
    Param,
    TriggerRule,
    dag,
    task,
)
from airflow.sdk.exceptions import AirflowFailException
from nst_airflow import alerts, commands
from nst_airflow.operators import QueryOperator, TransferOperator, ValidateOperator
from nst_airflow.outcome import Ending
from nst_airflow.runs import identify
from nst_airflow.settings import Settings

SETTINGS = Settings.from_environment()
CATALOGUE = Asset(name="nst_catalogue", group="nst")
IMAGES = Asset(name="nst_images", group="nst")

# A URI without query, user information or blanks, so that it cannot contain a signature or a secret.
URI = r"^[^\s?#@]+$"


@dag(
    dag_id="nst_nightly",
    doc_md=__doc__,
    # Runs every night, and for every asset event of a new catalogue. The job skips finished rows.
    schedule=AssetOrTimeSchedule(timetable=CronDataIntervalTimetable("0 2 * * *", timezone="UTC"), assets=[CATALOGUE]),
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=14),
    default_args={"owner": "nst", "retries": 0, "on_failure_callback": alerts.on_failure(SETTINGS)},
    params={
        "run_date": Param(
            None, type=["null", "string"], format="date", description="ISO date; if empty, the day of the data interval"
        ),
        "manifest": Param(
            None,
            type=["null", "string"],
            pattern=URI,
            description="URI, which may contain {run_date}; if empty, AIRFLOW_NST_MANIFEST",
        ),
        "retry": Param(
            "none", enum=list(commands.RETRY_MODES), description="which failed rows of earlier runs are computed again"
        ),
        "max_failed_ratio": Param(
            0.01, type="number", minimum=0, maximum=1, description="largest share of failed rows"
        ),
        "price_per_hour": Param(
            SETTINGS.price_per_hour, type="number", minimum=0, description="price of one device for an hour"
        ),
        "max_cost": Param(100.0, type="number", minimum=0, description="largest planned cost"),
        "max_device_hours": Param(24.0, type="number", minimum=0),
        "max_makespan_hours": Param(8.0, type="number", minimum=0, description="largest planned duration in hours"),
        "min_rows": Param(1, type="integer", minimum=0),
        "min_ok_ratio": Param(
            0.99, type="number", minimum=0, maximum=1, description="smallest share of distinct rows that are done"
        ),
        "max_non_finite": Param(
            0, type="integer", minimum=0, description="largest number of rows whose loss is not finite"
        ),
        "loss_band": Param(
            0.5,
            type="number",
            exclusiveMinimum=0,
            description="0.5: the median loss may be 50 per cent above or below the usual",
        ),
        "history_runs": Param(
            7,
            type="integer",
            minimum=0,
            maximum=60,
            description="number of earlier runs for the usual median loss; 0: no comparison",
        ),
        "image_sample": Param(
            20, type="integer", minimum=0, maximum=10000, description="number of images that are checked in the store"
        ),
    },
    tags=["nst", "spark"],
)
def nst_nightly():
    @task
    def resolve(params=None, **context) -> dict:
        events = (context.get("triggering_asset_events") or {}).values()
        dag_run = context["dag_run"]
        try:
            identity = identify(
                "nightly",
                requested=params["run_date"],
                partition_key=getattr(dag_run, "partition_key", None),
                event_extras=[event.extra or {} for group in events for event in group],
                data_interval_start=context.get("data_interval_start"),
                logical_date=context.get("logical_date"),
                run_after=getattr(dag_run, "run_after", None),
            )
            output = SETTINGS.require_output()
            manifest = SETTINGS.manifest_for(params["manifest"], identity.run_date.isoformat())
        except ValueError as fault:
            raise AirflowFailException(str(fault)) from fault
        config = SETTINGS.config
        passes = {
            retry: commands.run(
                manifest,
                output,
                identity,
                commands.RunLimits(retry, params["max_failed_ratio"], params["price_per_hour"]),
                config,
            )
            for retry in (params["retry"], "transient")
        }
        return {
            "run_id": identity.run_id,
            "run_date": identity.run_date.isoformat(),
            "output": output,
            "record": identity.record(output),
            "validate": commands.validate(manifest, config),
            "plan": commands.plan(manifest, output, params["price_per_hour"], config),
            "run": passes[params["retry"]],
            "retry": passes["transient"],
            "verify": commands.verify(output, identity, config),
            "report": commands.report(output, identity, config),
        }

    settled = resolve()
    submission = SETTINGS.submission()
    query = {
        **submission,
        "retries": 2,
        "retry_delay": timedelta(seconds=SETTINGS.retry_delay_seconds),
        "execution_timeout": timedelta(hours=1),
    }
    transfer = {
        **submission,
        "record": settled["record"],
        "pool": SETTINGS.pool,
        "retries": 3,
        "retry_delay": timedelta(seconds=SETTINGS.retry_delay_seconds),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(hours=1),
        "execution_timeout": timedelta(hours=10),
    }

    validate = ValidateOperator(task_id="validate", name="nst-validate", application_args=settled["validate"], **query)
    plan = QueryOperator(
        task_id="plan", name="nst-plan", application_args=settled["plan"], expects=["rows", "device_hours"], **query
    )

    @task
    def budget_gate(planned: dict, params=None) -> None:
        from nst_airflow.budget import Budget

        budget = Budget(
            max_cost=params["max_cost"],
            max_device_hours=params["max_device_hours"],
            max_makespan_hours=params["max_makespan_hours"],
            max_refused_ratio=params["max_failed_ratio"],
        )
        if faults := budget.faults([planned]):
            raise AirflowFailException("No device was used: " + "; ".join(faults))

    run = TransferOperator(task_id="run", name="nst-nightly", application_args=settled["run"], **transfer)

    @task
    def failed_rows(ended: dict, settled: dict) -> list[list[str]]:
        """Returns the command of another pass, if one is useful."""
        if ended["outcome"] == Ending.COMPLETE.value or ended["retryable"] == 0:
            return []
        return [settled["retry"]]

    retry_rows = TransferOperator.partial(task_id="retry_rows", name="nst-nightly-retry", **transfer).expand(
        application_args=failed_rows(run.output, settled)
    )
    verify = QueryOperator(
        task_id="verify",
        name="nst-verify",
        application_args=settled["verify"],
        trigger_rule=TriggerRule.NONE_FAILED,
        **query,
    )

    @task
    def quality_gate(settled: dict, params=None) -> dict:
        from datetime import date

        from nst_airflow import quality, storage
        from nst_airflow.outcome import RunRecord
        from nst_airflow.runs import RunIdentity

        identity = RunIdentity(date.fromisoformat(settled["run_date"]), settled["run_id"])
        record = RunRecord.parse(storage.read(settled["record"]))
        thresholds = quality.Thresholds(**{name: params[name] for name in quality.Thresholds.__dataclass_fields__})
        verdict = quality.assess(settled["output"], identity, record, thresholds)
        for check in verdict.checks:
            print(f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.found}")
        if verdict.faults:
            raise AirflowFailException(f"{record.counts()}. Not published: {'; '.join(verdict.faults)}")
        return {
            "rows": record.total,
            "done": record.done,
            "failed": record.failed,
            "device_seconds": record.device_seconds,
            "cost": record.cost,
            **verdict.as_dict(),
        }

    @task(outlets=[IMAGES])
    def publish(checked: dict, settled: dict):
        extra = {name: settled[name] for name in ("output", "run_date", "run_id")}
        yield Metadata(
            IMAGES, extra={**extra, **{name: checked[name] for name in ("rows", "done", "failed", "median_loss")}}
        )

    report = QueryOperator(task_id="report", name="nst-report", application_args=settled["report"], **query)

    checked = quality_gate(settled)
    validate >> plan >> budget_gate(plan.output) >> run >> retry_rows >> verify >> checked
    publish(checked, settled) >> report


nst_nightly()
