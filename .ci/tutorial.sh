#!/usr/bin/env bash
# Runs every command of docs/tutorial.md to the letter, in a new folder that has only submit.sh and sample-data.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ln -s "$PWD/submit.sh" "$PWD/sample-data" "$work"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pandas==2.3.3 pyarrow==22.0.0
# The code blocks in their order: those in sh as they are, those in python through the interpreter.
awk '/^```sh$/ { inside = 1; next } /^```python$/ { inside = 1; python = 1; print "python <<\047PYTHON\047"; next }
  /^```$/ && inside { if (python) print "PYTHON"; inside = 0; python = 0; next } inside' docs/tutorial.md >"$work/commands"
commands=$(grep -c '^./submit.sh ' "$work/commands")
[ "$commands" -ge 8 ] || { echo "expected at least 8 commands of nst in docs/tutorial.md, found $commands" >&2; exit 1; }
(cd "$work" && PATH="$work/venv/bin:$PATH" bash -euo pipefail commands >words 2>&1) || { cat "$work/words" >&2; exit 1; }
pictures=$(find "$work/catalogue/gallery" -name 'kitten-great_wave-*.png' | wc -l)
[ -s "$work/lake.png" ] && [ "$pictures" -eq 3 ] || { echo "expected lake.png and 3 pictures in the gallery, found $pictures" >&2; exit 1; }
echo "$commands commands of the tutorial"
