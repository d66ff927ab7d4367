#!/usr/bin/env bash
# Runs every command of docs/tutorial.md to the letter, in a new folder that has only submit.sh and sample-data.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=$PWD/target/tutorial/venv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$PWD/submit.sh" "$PWD/sample-data" "$work"
src/tools/python_environment.sh "$environment" .ci/tutorial/requirements.txt
# The code blocks in their order: those in sh as they are, those in python through the interpreter.
awk '/^```sh$/ { inside = 1; next } /^```python$/ { inside = 1; python = 1; print "python <<\047PYTHON\047"; next }
  /^```$/ && inside { if (python) print "PYTHON"; inside = 0; python = 0; next } inside' docs/tutorial.md >"$work/commands"
commands=$(grep -c '^./submit.sh ' "$work/commands")
[ "$commands" -ge 8 ] || { echo "expected at least 8 commands of nst in docs/tutorial.md, found $commands" >&2; exit 1; }
(cd "$work" && PATH="$environment/bin:$PATH" bash -euo pipefail commands >words 2>&1) || { cat "$work/words" >&2; exit 1; }
gallery=$(cd "$work/catalogue/gallery" && echo *.png)
[ -s "$work/lake.png" ] && [ "$gallery" = "kitten-great_wave.png lake-great_wave.png" ] ||
  { echo "expected lake.png and two pictures in the gallery, found $gallery" >&2; exit 1; }
swept=$(find "$work/catalogue/out/runs" -name index.html | wc -l)
[ "$swept" -eq 2 ] || { echo "expected a page of the run and one of the sweep, found $swept" >&2; exit 1; }
echo "$commands commands of the tutorial"
