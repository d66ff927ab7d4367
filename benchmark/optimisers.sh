#!/usr/bin/env bash
# Measures which optimiser, start and pyramid lower balanced's objective fastest, and draws docs/images/optimisers.svg.
#
#   benchmark/optimisers.sh [FOLDER [--sizes 256,512] [--pairs 3] [--budgets 10,20,40] [--methods ...]]
#
# FOLDER, target/optimisers by default, gets optimisers.csv and every image; begun again with the same it goes on where it
# was. At 256 px a pair takes three minutes on one core; at 512 px four times as long.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
output=$(realpath -m "${1:-$folder/../target/optimisers}")
[ $# -eq 0 ] || shift
"$folder/../submit.sh" benchmark optimisers --output "$output" "$@"
"$folder/python.sh" -m comparison.figure "$output/optimisers.csv" "$folder/../docs/images/optimisers.svg"
