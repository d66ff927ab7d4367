#!/usr/bin/env bash
# Computes the committed references again and fails if the installed PyTorch gives other numbers.
# Usage: oracle/check.sh [--whole] [CASE...]; without --whole only the first iterates of each trajectory.
set -euo pipefail
cd "$(dirname "$0")"
./run.sh check "$@"
