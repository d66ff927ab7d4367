#!/usr/bin/env bash
# src/tools/python_environment.sh FOLDER REQUIREMENTS...: makes a virtual environment from complete lists of pinned packages with hashes.
# If the environment has these packages already, it does nothing. PYTHON names the interpreter.
#
# uv installs them, in a tenth of the CPU time of pip, and the environment needs no pip of its own. uv is installed into target/uv, once.
set -euo pipefail
environment=$1
shift
python=${PYTHON:-python3}
readonly UV_VERSION=0.13.9
uv=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/target/uv

wanted=$(cat "$@" | sha256sum)
if [ "$(cat "$environment/installed" 2>/dev/null || true)" = "$wanted" ]; then exit; fi
if [ ! -x "$uv/bin/uv" ]; then
  if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-compile --target "$uv" "uv==$UV_VERSION"
  else # Debian has pip in another package
    "$python" -m venv "$uv"
    "$uv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
  fi
fi
rm -rf "$environment"
"$python" -m venv --without-pip "$environment"
lists=()
for list in "$@"; do lists+=(-r "$list"); done
# --no-deps: the lists are complete and may have fewer packages than the declared dependencies.
"$uv/bin/uv" pip install --quiet --python "$environment/bin/python" --no-deps --require-hashes --only-binary :all: "${lists[@]}"
printf '%s' "$wanted" >"$environment/installed"
