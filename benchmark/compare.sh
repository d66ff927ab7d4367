#!/usr/bin/env bash
# Measures this program against neural-style-pt and PyTorch loops; docs/performance.md has its results and what they mean.
#
#   benchmark/compare.sh --neural-style-pt DIR [--work DIR] [--cases 256x50] [--repetitions 1] ...     --help lists the rest
#
# Begun again with the same --work it goes on where it was. All of it takes about an hour and a half on two cores; one case
# with one repetition, ten minutes.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$folder/..
work=$home/target/comparison
arguments=("$@")
for ((i = 0; i < $#; i++)); do
  [ "${arguments[i]}" = --work ] && work=${arguments[i + 1]}
done
[ -n "${NEURAL_STYLE_PT:-}" ] && set -- --neural-style-pt "$NEURAL_STYLE_PT" "$@"

mkdir -p "$work"
weights=$work/vgg19-seeded.safetensors
"$home/submit.sh" benchmark weights "$weights"
"$folder/python.sh" -m comparison.export "$weights" "${weights%.safetensors}.pth"
exec "$folder/python.sh" -m comparison --weights "$weights" --work "$work" "$@"
