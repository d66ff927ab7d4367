#!/usr/bin/env bash
# Checks the language of the documentation and of the help texts: proselint, forbidden phrases, long sentences (.ci/prose/).
# The help texts are checked if target/nst.jar is there. With arguments: checks these files only.
# Makes target/prose/venv from pinned packages. PYTHON names the interpreter: 3.10 to 3.13.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=target/prose/venv
src/tools/python_environment.sh "$environment" .ci/prose/requirements.txt

if [ $# -gt 0 ]; then
  exec "$environment/bin/python" .ci/prose/check.py "$@"
fi

files=(README.md CONTRIBUTING.md airflow/README.md oracle/README.md sample-data/README.md)
while IFS= read -r page; do files+=("$page"); done < <(find docs -name '*.md' | sort)

if [ -e target/nst.jar ]; then
  ./submit.sh --help >target/prose/help.txt
  files+=(target/prose/help.txt)
  # DocumentationTest checks that the table contains all commands.
  for command in $(sed -n '/^## Commands/,/^## /s/^| `\([a-z]*\)[ `].*/\1/p' README.md); do
    ./submit.sh "$command" --help >"target/prose/help-$command.txt"
    files+=("target/prose/help-$command.txt")
  done
else
  echo "prose: the help texts are not checked, because target/nst.jar is not built" >&2
fi

"$environment/bin/python" .ci/prose/check.py "${files[@]}"
