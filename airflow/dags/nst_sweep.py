"""
### Sweeps

Runs every sweep that the trigger names, one after the other. A sweep is a definition such as `conf/sweeps/weights.conf`, or a
manifest. `./submit.sh sweep` turns a definition into a manifest in the output.

| task | does | takes |
|---|---|---|
| `find` | the sweeps: those named, and every definition and manifest file in `folder` | nothing |
| `plan` | one for each sweep: validates, predicts | a driver |
| `budget_gate` | stops if all plans together exceed the limits | nothing |
| `run` | one for each sweep; resumes when it is retried or cleared | **the devices** |
| `report` | one for each sweep: its page | a driver |
| `summary` | one line for each sweep; fails if one of them did not finish completely | nothing |

Without sweeps, the mapped tasks are skipped and the summary says so; this is not an error. One sweep that fails does not stop
the others. Runs are named `sweep-<date>-<name>-<digest of its URI>`, so a second trigger resumes the runs and computes only missing rows.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Param, TriggerRule, dag, task
from airflow.sdk.exceptions import AirflowFailException
from nst_airflow import alerts, commands
from nst_airflow.operators import QueryOperator, TransferOperator
from nst_airflow.outcome import Ending
from nst_airflow.runs import RunIdentity, identify, is_manifest, sweep_identity
from nst_airflow.settings import Settings

SETTINGS = Settings.from_environment()
URI = r"^[^\s?#@]+$"
DEFINITION = r"^[^\s?#@]+\.conf$"


@dag(
    dag_id="nst_sweep",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args={"owner": "nst", "retries": 0, "on_failure_callback": alerts.on_failure(SETTINGS)},
    params={
        "definitions": Param(
            [],
            type="array",
            items={"type": "string", "pattern": DEFINITION},
            uniqueItems=True,
            maxItems=200,
            description="paths of definitions, which every driver can read",
        ),
        "manifests": Param([], type="array", items={"type": "string", "pattern": URI}, uniqueItems=True, maxItems=200),
        "folder": Param(
            None,
            type=["null", "string"],
            pattern=URI,
            description="a folder; every *.conf and manifest file directly in it is a sweep",
        ),
        "run_date": Param(
            None, type=["null", "string"], format="date", description="ISO date; if empty, the day of the trigger"
        ),
        "max_sweeps": Param(20, type="integer", minimum=1, maximum=200),
        "max_failed_ratio": Param(0.0, type="number", minimum=0, maximum=1),
        "price_per_hour": Param(
            SETTINGS.price_per_hour, type="number", minimum=0, description="price of one device for an hour"
        ),
        "max_cost": Param(50.0, type="number", minimum=0, description="limit for all sweeps together"),
        "max_device_hours": Param(12.0, type="number", minimum=0, description="limit for all sweeps together"),
        "max_makespan_hours": Param(
            12.0, type="number", minimum=0, description="limit for all sweeps, one after the other"
        ),
    },
    tags=["nst", "spark"],
)
def nst_sweep():
    @task
    def find(params=None, **context) -> list[dict]:
        from nst_airflow import storage

        dag_run = context["dag_run"]
        try:
            # The date has no time of day, so a sweep that is triggered twice on a day resumes.
            moment = context.get("logical_date") or dag_run.run_after
            today = identify("sweep", requested=params["run_date"] or f"{moment:%Y-%m-%d}")
            output = SETTINGS.require_output()
            found = storage.children(params["folder"]) if params["folder"] else []
        except ValueError as fault:
            raise AirflowFailException(str(fault)) from fault
        named = {*params["definitions"], *params["manifests"]}
        sources = sorted({*named, *(uri for uri in found if uri.endswith(".conf") or is_manifest(uri))})
        if len(sources) > params["max_sweeps"]:
            raise AirflowFailException(f"{len(sources)} sweeps are more than max_sweeps={params['max_sweeps']}")
        return [_sweep(source, output, today, params) for source in sources]

    sweeps = find()

    @task
    def plan_arguments(sweeps: list[dict]) -> list[dict]:
        return [{"application_args": sweep["plan"], "name": f"nst-plan-{sweep['run_id']}"} for sweep in sweeps]

    @task
    def run_arguments(sweeps: list[dict]) -> list[dict]:
        return [
            {"application_args": sweep["run"], "name": f"nst-run-{sweep['run_id']}", "record": sweep["record"]}
            for sweep in sweeps
        ]

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def report_arguments(sweeps: list[dict] | None, endings) -> list[dict]:
        """Makes a page for every finished sweep, whether the others succeeded or not."""
        ended = {ending["run_id"] for ending in endings or [] if ending}
        return [
            {"application_args": sweep["report"], "name": f"nst-report-{sweep['run_id']}"}
            for sweep in sweeps or []
            if sweep["run_id"] in ended
        ]

    retry = {"retries": 2, "retry_delay": timedelta(seconds=SETTINGS.retry_delay_seconds)}
    plan = QueryOperator.partial(
        task_id="plan",
        expects=["rows", "device_hours"],
        map_index_template="{{ task.name }}",
        execution_timeout=timedelta(hours=1),
        **retry,
        **SETTINGS.submission(),
    ).expand_kwargs(plan_arguments(sweeps))

    @task(trigger_rule=TriggerRule.NONE_FAILED)
    def budget_gate(plans, params=None) -> None:
        from nst_airflow.budget import Budget

        budget = Budget(
            max_cost=params["max_cost"],
            max_device_hours=params["max_device_hours"],
            max_makespan_hours=params["max_makespan_hours"],
            max_refused_ratio=params["max_failed_ratio"],
        )
        if faults := budget.faults(plans or []):
            raise AirflowFailException("No device was used: " + "; ".join(faults))

    run = TransferOperator.partial(
        task_id="run",
        pool=SETTINGS.pool,
        max_active_tis_per_dagrun=1,
        map_index_template="{{ task.name }}",
        retry_exponential_backoff=True,
        max_retry_delay=timedelta(hours=1),
        execution_timeout=timedelta(hours=10),
        **retry,
        **SETTINGS.submission(),
    ).expand_kwargs(run_arguments(sweeps))

    QueryOperator.partial(
        task_id="report",
        map_index_template="{{ task.name }}",
        execution_timeout=timedelta(hours=1),
        **retry,
        **SETTINGS.submission(),
    ).expand_kwargs(report_arguments(sweeps, run.output))

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def summary(sweeps: list[dict] | None, endings) -> list[str]:
        """Fails the DAG run if a sweep has no outcome in it, or too many failed rows."""
        if sweeps is None:
            raise AirflowFailException("The sweeps were not found: see the task `find`")
        ended = {ending["run_id"]: ending for ending in endings or [] if ending}
        lines, bad = [], 0
        for run_id in (sweep["run_id"] for sweep in sweeps):
            ending = ended.get(run_id)
            bad += ending is None or ending["outcome"] != Ending.COMPLETE.value
            lines.append(f"{run_id}: {ending['outcome'] + ', ' + ending['counts'] if ending else 'did not finish'}")
        print("\n".join(lines) or "no sweep was asked for")
        if bad:
            raise AirflowFailException(f"{bad} of {len(sweeps)} sweeps are not whole: {'; '.join(lines)}")
        return lines

    budget_gate(plan.output) >> run
    summary(sweeps, run.output)


def _sweep(source: str, output: str, today: RunIdentity, params) -> dict:
    identity = sweep_identity(today, source)
    config = SETTINGS.config
    defined = source.endswith(".conf")
    plan, run = (commands.plan_sweep, commands.run_sweep) if defined else (commands.plan, commands.run)
    limits = commands.RunLimits("transient", params["max_failed_ratio"], params["price_per_hour"])
    return {
        "run_id": identity.run_id,
        "record": identity.record(output),
        "plan": plan(source, output, params["price_per_hour"], config),
        "run": run(source, output, identity, limits, config),
        "report": commands.report(output, identity, config),
    }


nst_sweep()
