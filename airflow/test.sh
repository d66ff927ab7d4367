#!/usr/bin/env bash
# Tests airflow/ with a real Airflow, in a virtual environment below .airflow/ (ignored by git).
#
#   ./test.sh                  every test that needs no cluster
#   ./test.sh tests/test_sweep.py -k one
#   NST_REAL_JOB=1 ./test.sh   also one night with the real job; needs the built jar
#
# Without Python 3.11 to 3.13, it prints a message and ends with 0; with CI=true it fails.
set -euo pipefail
cd "$(dirname "$0")"

readonly UV_VERSION=0.13.9
readonly HOME_FOLDER="$PWD/.airflow"
readonly VENV="$HOME_FOLDER/venv"

# The interpreter: NST_PYTHON, or the first on PATH that Airflow 3.3 and its pinned packages support and that can make
# an environment (Debian has venv in another package).
find_python() {
  local candidate
  for candidate in ${NST_PYTHON:-python3 python3.11 python3.12 python3.13}; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

if ! python="$(find_python)"; then
  echo "airflow/test.sh: SKIPPED, no test of the DAGs was run: no Python 3.11 to 3.13 with venv was found" \
    "(looked for ${NST_PYTHON:-python3, python3.11, python3.12, python3.13}). Install one, or name it in NST_PYTHON." >&2
  if [[ "${CI:-}" == true ]]; then
    echo "airflow/test.sh: CI=true, so this is a failure." >&2
    exit 1
  fi
  exit 0
fi

# The environment is made again only when the lock, the installer or the interpreter changed. The stamp is written last.
wanted="$("$python" -c 'import hashlib, sys; print(hashlib.sha256(open("requirements.lock", "rb").read()).hexdigest(), sys.version.split()[0], sys.argv[1])' "uv-$UV_VERSION")"
if [[ ! -x "$VENV/bin/python" || "$(cat "$HOME_FOLDER/stamp" 2>/dev/null)" != "$wanted" ]]; then
  echo "airflow/test.sh: installing the pinned packages into airflow/.airflow (once for each lock)" >&2
  rm -rf "$VENV" "$HOME_FOLDER/uv" "$HOME_FOLDER/stamp"
  # An environment with a pip of its own takes long to make, so it is only made if the interpreter has no pip.
  if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-compile --target "$HOME_FOLDER/uv" "uv==$UV_VERSION"
  else
    "$python" -m venv "$HOME_FOLDER/uv"
    "$HOME_FOLDER/uv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
  fi
  "$python" -m venv --without-pip "$VENV"
  # sync installs exactly the lock; it also omits what overrides.txt omits.
  "$HOME_FOLDER/uv/bin/uv" pip sync --quiet --python "$VENV/bin/python" requirements.lock
  echo "$wanted" > "$HOME_FOLDER/stamp"
fi

exec "$VENV/bin/python" -m pytest "$@"
