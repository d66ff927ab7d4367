#!/usr/bin/env bash
# Compares a grid of 7 x 7 rows, which share their photo, targets, engine and processes, with the same rows one by one:
# benchmark/grid.sh [SIZE [STEPS [ROWS]]]; default: 256 px, 30 steps, and 7 of the 49 rows alone. Each of these is made twice: by "stylize", and
# by "run" with its own session, tables and page. Prints the CPU times and their ratios, and fails if the pixels of a row alone are not those
# of the grid, to the bit. Each row is computed by one thread, because the bits depend on the number of threads.
set -euo pipefail
cd "$(dirname "$0")/.."
size=${1:-256} steps=${2:-30} rows=${3:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
content=(0.01 0.02 0.03 0.05 0.1 0.15 0.25)
tv=(0.003 0.005 0.01 0.03 0.05 0.1 0.3)
photo=sample-data/content/pier.jpg
painting=sample-data/style/great_wave.jpg
common=(--image-size "$size" --num-iterations "$steps" --threads 1)

list() { local IFS=,; echo "$*"; }
seconds() { # seconds ARGUMENTS...: the CPU time of a command
  local TIMEFORMAT='%U %S'
  { time ./submit.sh "$@" >"$work/words" 2>&1 || { cat "$work/words" >&3; exit 1; }; } 2>&1 | awk '{print $1 + $2}'
}
pixels() { # pixels FILE.png: the digest of the compressed pixels, which the same encoder has written
  "${PYTHON:-python3}" - "$1" <<'PYTHON'
import hashlib, sys
file = open(sys.argv[1], "rb").read()
at, digest = 8, hashlib.sha256()
while at < len(file):
    length, kind = int.from_bytes(file[at:at + 4], "big"), file[at + 4:at + 8]
    if kind == b"IDAT":
        digest.update(file[at + 8:at + 8 + length])
    at += length + 12
print(digest.hexdigest())
PYTHON
}

./submit.sh --version >/dev/null # builds what is missing
grid=$(seconds sweep --content $photo --style $painting --grid "content_weight=$(list "${content[@]}")" --grid "tv_weight=$(list "${tv[@]}")" \
  "${common[@]}" --run --output "$work/out" 3>&2)
mkdir "$work/one"
cp $photo "$work/one/"
stylize=0 run=0
for row in $(seq 0 $((rows - 1))); do
  cell=$((row * 49 / rows + row % 7)) # in different rows and columns of the grid
  knobs=("${common[@]}" --content-weight "${content[$((cell / 7))]}" --tv-weight "${tv[$((cell % 7))]}")
  one=$work/$row.png
  stylize=$stylize+$(seconds stylize $photo --style $painting "${knobs[@]}" -o "$one" 3>&2)
  run=$run+$(seconds run "$work/one" --style $painting "${knobs[@]}" --output "$work/out-$row" 3>&2)
  key=$(grep -a -o -m 1 '<nst:key>[0-9a-f]*' "$one" | cut -c10-)
  for other in "$work/out/images/v1/${key:0:2}/$key.png" "$work/out-$row"/images/v1/*/*.png; do
    [ "$(pixels "$one")" = "$(pixels "$other")" ] || {
      echo "expected the same pixels in $one and $other" >&2
      exit 1
    }
  done
done
awk "BEGIN {
  printf \"%d px, %d steps: 49 rows in a grid took %.1f s of CPU time. %d rows alone have the same pixels:\n\", $size, $steps, $grid, $rows
  printf \"by stylize %.1f s a row: the grid takes %.2f of 49 of them\n\", ($stylize) / $rows, $grid / (($stylize) / $rows * 49)
  printf \"by run     %.1f s a row: the grid takes %.2f of 49 of them\n\", ($run) / $rows, $grid / (($run) / $rows * 49)
}"
