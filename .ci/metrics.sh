#!/usr/bin/env bash
# Tests the export of metrics to MLflow and Weights & Biases with the real libraries, and exports a real run: the output that the first
# argument names. Makes target/metrics/venv from pinned packages. PYTHON names the interpreter: 3.11 to 3.13.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=target/metrics/venv
src/tools/python_environment.sh "$environment" src/tools/export_metrics/requirements.txt
# Neither library may report its use.
NST_OUTPUT=$1 MLFLOW_DISABLE_TELEMETRY=true WANDB_ERROR_REPORTING=false \
  "$environment/bin/python" -m pytest -q -p no:cacheprovider --durations=5 src/tools/export_metrics
