#!/usr/bin/env bash
# src/tools/python_environment.sh FOLDER REQUIREMENTS...: makes a virtual environment from complete lists of pinned packages with hashes.
# If the environment has these packages already, it does nothing. PYTHON names the interpreter.
set -euo pipefail
environment=$1
shift
python=${PYTHON:-python3}

wanted=$(cat "$@" | sha256sum)
if [ "$(cat "$environment/installed" 2>/dev/null || true)" = "$wanted" ]; then exit; fi
rm -rf "$environment"
# The pip of the interpreter installs into the environment, because making a pip inside takes longer than most lists. It can since 22.3.
if "$python" -m venv --without-pip "$environment" && "$python" -m pip --python "$environment/bin/python" --version >/dev/null 2>&1; then
  pip=("$python" -m pip --python "$environment/bin/python")
else
  "$python" -m venv --clear "$environment"
  pip=("$environment/bin/python" -m pip)
fi
lists=()
for list in "$@"; do lists+=(-r "$list"); done
# --no-deps: the lists are complete and may have fewer packages than the declared dependencies.
# --no-compile: Python compiles what is imported, which is a small part.
"${pip[@]}" install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes --only-binary :all: "${lists[@]}"
printf '%s' "$wanted" >"$environment/installed"
