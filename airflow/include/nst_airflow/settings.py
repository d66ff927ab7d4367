"""The settings of a deployment, read from the environment when a DAG file is parsed.

The names begin with AIRFLOW_NST_, because the job inherits the environment of the scheduler, reads NST_* as its own
configuration, and rejects unknown keys.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

MAIN_CLASS = "nst.cli.Main"
PREFIX = "AIRFLOW_NST_"


@dataclass(frozen=True)
class Settings:
    """A deployment: the output of the images and the way to submit to Spark."""

    output: str | None
    manifest: str | None
    submit_script: str | None
    jar: str | None
    config: str | None
    properties_file: str | None
    connection: str
    pool: str
    retry_delay_seconds: int
    price_per_hour: float
    alert_email: str | None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        def text(name: str) -> str | None:
            return environment.get(PREFIX + name, "").strip() or None

        return cls(
            output=text("OUTPUT"),
            manifest=text("MANIFEST"),
            submit_script=text("SUBMIT_SCRIPT"),
            jar=text("JAR"),
            config=text("CONFIG"),
            properties_file=text("PROPERTIES_FILE"),
            connection=text("CONNECTION") or "spark_default",
            pool=text("POOL") or "nst_device",
            retry_delay_seconds=int(text("RETRY_DELAY_SECONDS") or 300),
            price_per_hour=float(text("PRICE_PER_HOUR") or 4.0),
            alert_email=text("ALERT_EMAIL"),
        )

    def require_output(self) -> str:
        if self.output is None:
            raise ValueError(f"{PREFIX}OUTPUT is not set: it names the folder or s3a:// prefix that the images go to")
        return self.output.rstrip("/")

    def manifest_for(self, requested: str | None, run_date: str) -> str:
        """The run's own manifest if there is one, otherwise that of the deployment; `{run_date}` in it becomes the date."""
        manifest = requested or self.manifest
        if manifest is None:
            raise ValueError(f"No manifest: set {PREFIX}MANIFEST, or trigger with the parameter `manifest`")
        return manifest.replace("{run_date}", run_date)

    def submission(self) -> dict[str, str | None]:
        """The arguments of SparkSubmitOperator for what is submitted.

        With a submit script (`./submit.sh OPTIONS -- COMMAND`), the `--` after the script's options is in the place of the
        jar, so that both ways share one operator, one connection and one test.
        """
        if self.submit_script is not None:
            what = {"spark_binary": self.submit_script, "application": "--"}
        else:
            what = {"application": self.jar or "/opt/nst/nst.jar", "java_class": MAIN_CLASS}
        return {**what, "conn_id": self.connection, "properties_file": self.properties_file}
