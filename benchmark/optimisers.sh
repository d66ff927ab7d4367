#!/usr/bin/env bash
# Measures which optimiser, start and pyramid lower balanced's objective fastest, and draws docs/images/optimisers.svg.
#
#   benchmark/optimisers.sh [FOLDER [--sizes 256,512] [--pairs 3] [--budgets 10,20,40] [--methods ...]]
#
# FOLDER, target/optimisers by default, gets optimisers.csv and every image. If it is started again with the same
# folder, it continues where it stopped. At 512 px a pair takes four times as long as at 256 px.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
output=$(realpath -m "${1:-$folder/../target/optimisers}")
[ $# -eq 0 ] || shift
"$folder/../submit.sh" benchmark optimisers --output "$output" "$@"
"$folder/python.sh" -m comparison.figure "$output/optimisers.csv" "$folder/../docs/images/optimisers.svg"
