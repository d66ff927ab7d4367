"""Exports a finished run of nst to MLflow, or to Weights & Biases in its offline format.

    pip install --require-hashes -r src/tools/export_metrics/requirements.txt
    python src/tools/export_metrics mlflow --output out --tracking-uri sqlite:///mlflow.db
    python src/tools/export_metrics wandb --output out --directory exported

Each row of `metrics` becomes a run with its parameters, losses, curve and picture. An export that is repeated adds only what is missing.
docs/outputs.md, MLflow and Weights & Biases, says what is exported under which name.
"""

import argparse
import sys
from pathlib import Path

import output


def main() -> int:
    parser = argparse.ArgumentParser(prog="export_metrics", description=__doc__.splitlines()[0])
    targets = parser.add_subparsers(dest="target", required=True)
    mlflow = targets.add_parser("mlflow", help="a run of MLflow for each row, below one for the whole run")
    mlflow.add_argument("--tracking-uri", help="the tracking store (default: that of MLflow, such as MLFLOW_TRACKING_URI)")
    mlflow.add_argument("--experiment", default="nst", help="the experiment (default: nst)")
    wandb = targets.add_parser("wandb", help="an offline run of Weights & Biases for each row; wandb sync uploads them")
    wandb.add_argument("--directory", type=Path, default=Path(), help="the parent of the folder wandb/ (default: this folder)")
    wandb.add_argument("--project", default="nst", help="the project (default: nst)")
    for target in (mlflow, wandb):
        target.add_argument("--output", required=True, metavar="URI", help="the output folder of the run")
        target.add_argument("--run-id", metavar="ID", help="the run (default: the one that ended last)")
        target.add_argument("--no-pictures", dest="pictures", action="store_false", help="leave out the pictures")
        target.add_argument("--no-curves", dest="curves", action="store_false", help="leave out the losses of the iterates")
    arguments = parser.parse_args()
    try:
        run = output.run(arguments.output, arguments.run_id)
    except output.OutputError as fault:
        print(fault, file=sys.stderr)
        return 2
    if arguments.target == "mlflow":
        import to_mlflow

        counts = to_mlflow.export(run, arguments.tracking_uri, arguments.experiment, arguments.pictures, arguments.curves)
    else:
        import to_wandb

        counts = to_wandb.export(run, arguments.directory, arguments.project, arguments.pictures, arguments.curves)
    print(f"run_id={run.id}: {counts['exported']} rows exported, {counts['there already']} were there already")
    return 0


if __name__ == "__main__":
    sys.exit(main())
