#!/usr/bin/env bash
# Times commands that compute little: benchmark/starts.sh [ROUNDS [OUTPUT]]; default: 5 rounds. Prints the median and the longest wall time
# of each in seconds. First it makes the pictures of the sample catalogue, which takes a few minutes, unless OUTPUT has them.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT=%R
small=(--image-size 64 --num-iterations 1)
photo=sample-data/content/pier.jpg
painting=sample-data/style/great_wave.jpg
sample=sample-data/manifest.parquet
output=${2:-$work/sample}

./submit.sh --version >/dev/null # builds what is missing, also the archive of classes
./submit.sh run $sample --output "$output" >"$work/words" 2>&1 || { cat "$work/words" >&2; exit 1; }
printf 'content,style\n"%s","%s"\n' "$PWD/$photo" "$PWD/$painting" >"$work/one.csv"

measure() { # measure NAME ARGUMENTS...: a % in an argument is replaced by the number of the round
  local name=$1 times
  shift
  times=$(for round in $(seq "$rounds"); do
    { time ./submit.sh "${@//%/$round}" >"$work/words" 2>&1 || { cat "$work/words" >&3; exit 1; }; } 2>&1
  done 3>&2 | sort -n)
  echo "| $name | $(sed -n "$(((rounds + 1) / 2))p" <<<"$times") | $(tail -n 1 <<<"$times") |"
}

echo "| command | median, s | longest, s |"
echo "|---|---|---|"
measure '`--help`' --help
measure '`presets balanced`' presets balanced
measure '`stylize`, 64 px, one step' stylize $photo --style $painting "${small[@]}" -o "$work/one-%.png"
measure '`plan` of the sample' plan $sample --output "$output"
measure '`verify` of the sample' verify --output "$output"
measure '`run` of the sample, all rows skipped' run $sample --output "$output"
measure '`run` of one row, 64 px, one step' run "$work/one.csv" --output "$work/one-%" "${small[@]}" --set "uri.allowed_prefixes=file:$PWD"
