#!/usr/bin/env bash
# Runs the reference program in a virtual environment, which is created from requirements.txt on the first use.
set -euo pipefail
cd "$(dirname "$0")"

# PYTHON names the interpreter for a new environment: 3.10 to 3.13.
environment=.venv
wanted=$(sha256sum requirements.txt)
if [ "$(cat "$environment/installed" 2>/dev/null || true)" != "$wanted" ]; then
  rm -rf "$environment"
  "${PYTHON:-python3}" -m venv "$environment"
  # --no-deps: requirements.txt is complete and has fewer packages than torch's dependencies.
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r requirements.txt
  printf '%s' "$wanted" > "$environment/installed"
fi
exec "$environment/bin/python" -m reference "$@"
