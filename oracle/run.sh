#!/usr/bin/env bash
# Runs the reference program.
set -euo pipefail
cd "$(dirname "$0")"
exec ./python.sh -m reference "$@"
