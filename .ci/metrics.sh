#!/usr/bin/env bash
# Tests the export of metrics to MLflow and Weights & Biases with the real libraries, and exports a real run: the output that the first
# argument names. Makes target/metrics/venv from pinned packages. PYTHON names the interpreter: 3.11 to 3.13.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=target/metrics/venv
requirements=src/tools/export_metrics/requirements.txt
mkdir -p target/metrics
wanted=$(sha256sum <"$requirements")
if [ "$(cat "$environment/installed" 2>/dev/null || true)" != "$wanted" ]; then
  rm -rf "$environment"
  "${PYTHON:-python3}" -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$requirements"
  printf '%s' "$wanted" >"$environment/installed"
fi
# Neither library may report its use.
NST_OUTPUT=$1 MLFLOW_DISABLE_TELEMETRY=true WANDB_ERROR_REPORTING=false \
  "$environment/bin/python" -m pytest -q -p no:cacheprovider --durations=5 src/tools/export_metrics
