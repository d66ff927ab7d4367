#!/usr/bin/env bash
# Runs Python with PyTorch and with the packages of src/tools/export_network, in a virtual environment that is created on the first use.
# PYTHON names the interpreter for a new environment: 3.10 to 3.13.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$folder/../src/tools
"$tools/python_environment.sh" "$folder/.venv" "$folder/requirements.txt" "$tools/export_network/requirements.txt"
exec "$folder/.venv/bin/python" "$@"
