#!/usr/bin/env bash
# Runs Python with the packages of the benchmarks, in a virtual environment that is created on the first use.
# BENCHMARK_PYTHON names an interpreter that already has the packages; PYTHON the one for a new environment: 3.10 to 3.13.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHONPATH=$folder${PYTHONPATH:+:$PYTHONPATH}
if [ -z "${BENCHMARK_PYTHON:-}" ]; then
  "$folder/../src/tools/python_environment.sh" "$folder/.venv" "$folder/../oracle/requirements.txt" "$folder/requirements.txt"
  BENCHMARK_PYTHON=$folder/.venv/bin/python
fi
exec "$BENCHMARK_PYTHON" "$@"
