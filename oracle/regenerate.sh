#!/usr/bin/env bash
# Writes src/test/resources/oracle again: images, references, check values of the weights.
# Usage: oracle/regenerate.sh [CASE...]
set -euo pipefail
cd "$(dirname "$0")"
./run.sh regenerate "$@"
