#!/usr/bin/env bash
# Runs benchmark/compare.sh with one small case, so that a change of the engine's output or options cannot break it unnoticed.
# The repetitions, which only measure speed, are left out. A script that returns the blurred photo stands for neural-style-pt: the speeds
# mean nothing, but two steps of the engine must reach its total. Needs the jar in target/.
set -euo pipefail
cd "$(dirname "$0")/.."

work=target/compare-check
rm -rf "$work"
BENCHMARK_PYTHON=$PWD/oracle/python.sh benchmark/compare.sh --neural-style-pt .ci/compare --work "$work" \
  --cases 64x1 --steps-512 2 --repetitions 0 >"$work.log" 2>&1 || { cat "$work.log" >&2; exit 1; }
for row in '| neural-style-pt-1 |.*2 of 2 |' '| ours-2 |.*2 of 2 |' '| balanced |'; do
  grep -q "^$row" "$work/report.md" || { echo "expected a row of the table like: $row" >&2; cat "$work/report.md" >&2; exit 1; }
done
