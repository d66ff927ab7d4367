#!/usr/bin/env bash
# Runs Python with PyTorch and with the packages of src/tools/export_network, in a virtual environment that is created on the first use.
# PYTHON names the interpreter for a new environment: 3.10 to 3.13.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

environment=$folder/.venv
requirements=("$folder/requirements.txt" "$folder/../src/tools/export_network/requirements.txt")
wanted=$(cat "${requirements[@]}" | sha256sum)
if [ "$(cat "$environment/installed" 2>/dev/null || true)" != "$wanted" ]; then
  rm -rf "$environment"
  "${PYTHON:-python3}" -m venv "$environment"
  # --no-deps: the lists are complete and have fewer packages than the declared dependencies.
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
    -r "${requirements[0]}" -r "${requirements[1]}"
  printf '%s' "$wanted" >"$environment/installed"
fi
exec "$environment/bin/python" "$@"
