#!/usr/bin/env bash
# Trains style networks of several sizes with the same number of steps, and prints a table of what each takes and how good it is.
#
#   benchmark/architectures.sh PHOTOS HELD_OUT STYLE OUTPUT [STEPS]
#
# PHOTOS and HELD_OUT are folders of photos; the trainings must not see HELD_OUT. OUTPUT gets the networks; a network that is there is
# not trained again, and its training time is not printed. STEPS is 500 by default. The machine should have nothing else to do.
set -euo pipefail
[ $# -ge 4 ] || { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" >&2 && exit 2; }
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
photos=$1 held_out=$2 style=$3 output=$4 steps=${5:-500}
networks=()

echo "| network | training of $steps steps, s |"
echo "|---|---|"
for architecture in "32 full" "16 full" "8 full" "32 separable" "16 separable"; do
  read -r width convolution <<<"$architecture"
  begin=$(date +%s)
  answer=$("$home/submit.sh" train --style "$style" --photos "$photos" --output "$output" --steps "$steps" --width "$width" \
    --convolution "$convolution" --json 2>"$output.log") || { cat "$output.log" >&2; exit 1; }
  seconds=$(($(date +%s) - begin))
  networks+=("$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["network"].removeprefix("file:"))' "$answer")")
  python3 -c 'import json, sys; sys.exit(json.loads(sys.argv[1])["existed"])' "$answer" || seconds="was there"
  echo "| width $width, $convolution | $seconds |"
done
"$home/submit.sh" benchmark networks --style "$style" --photos "$held_out" --network "${networks[@]}"
