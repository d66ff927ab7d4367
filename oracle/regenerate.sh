#!/usr/bin/env bash
# Writes src/test/resources/oracle anew: images, references, the weights' check values.
# Usage: oracle/regenerate.sh [CASE...]
set -euo pipefail
cd "$(dirname "$0")"
./run.sh regenerate "$@"
