#!/usr/bin/env bash
# Runs Python with the packages of the benchmarks, in a virtual environment that is created on the first use.
# BENCHMARK_PYTHON names an interpreter that already has the packages; PYTHON the one for a new environment: 3.10 to 3.13.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHONPATH=$folder${PYTHONPATH:+:$PYTHONPATH}
if [ -z "${BENCHMARK_PYTHON:-}" ]; then
  environment=$folder/.venv
  wanted=$(cat "$folder/../oracle/requirements.txt" "$folder/requirements.txt" | sha256sum)
  if [ "$(cat "$environment/installed" 2>/dev/null || true)" != "$wanted" ]; then
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
      -r "$folder/../oracle/requirements.txt" -r "$folder/requirements.txt"
    printf '%s' "$wanted" > "$environment/installed"
  fi
  BENCHMARK_PYTHON=$environment/bin/python
fi
exec "$BENCHMARK_PYTHON" "$@"
