#!/usr/bin/env bash
# Runs every command of docs/tutorial.md to the letter, in a new folder that has only submit.sh, sample-data, conf and airflow.
# Airflow is that of airflow/test.sh, which `mvn verify` has installed.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=$PWD/target/tutorial/venv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$PWD/submit.sh" "$PWD/sample-data" "$PWD/conf" "$PWD/airflow" "$work"
airflow=$PWD/airflow/.airflow/venv/bin
[ -x "$airflow/airflow" ] || { echo "expected Airflow in $airflow: run airflow/test.sh first" >&2; exit 1; }
src/tools/python_environment.sh "$environment" .ci/tutorial/requirements.txt
# The code blocks in their order: those in sh as they are, those in python through the interpreter.
awk '/^```sh$/ { inside = 1; next } /^```python$/ { inside = 1; python = 1; print "python <<\047PYTHON\047"; next }
  /^```$/ && inside { if (python) print "PYTHON"; inside = 0; python = 0; next } inside' docs/tutorial.md >"$work/commands"
commands=$(grep -c '^./submit.sh ' "$work/commands")
[ "$commands" -ge 8 ] || { echo "expected at least 8 commands of nst in docs/tutorial.md, found $commands" >&2; exit 1; }
(cd "$work" && PATH="$environment/bin:$airflow:$PATH" AIRFLOW_HOME="$work/airflow-home" bash -euo pipefail commands >words 2>&1) || { cat "$work/words" >&2; exit 1; }
gallery=$(cd "$work/catalogue/gallery" && echo *.png)
[ -s "$work/lake.png" ] && [ "$gallery" = "kitten-great_wave.png lake-great_wave.png" ] ||
  { echo "expected lake.png and two pictures in the gallery, found $gallery" >&2; exit 1; }
swept=$(find "$work/catalogue/out/runs" -name index.html | wc -l)
[ "$swept" -eq 3 ] || { echo "expected a page of the run, one of the sweep and one of the night, found $swept" >&2; exit 1; }
night=$work/catalogue/out/runs/run_date=2026-11-20/run_id=nightly-2026-11-20
[ -s "$night/report/index.html" ] || { echo "expected the page of the night in $night" >&2; cat "$work/words" >&2; exit 1; }
grep -q '"skipped":2' <(tr -d ' ' <"$night/_RUN.json") || { echo "expected a night that computes nothing" >&2; cat "$night/_RUN.json" >&2; exit 1; }
echo "$commands commands of the tutorial"
