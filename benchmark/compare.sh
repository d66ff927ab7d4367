#!/usr/bin/env bash
# Compares this program with neural-style-pt on the objective of neural-style-pt; docs/performance.md explains the results.
#
#   benchmark/compare.sh --neural-style-pt DIR [--whole] [--work DIR] [--cases 256x50] ...     --help lists the rest
#
# If it is started again with the same --work, it continues where it stopped.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "${NEURAL_STYLE_PT:-}" ] && set -- --neural-style-pt "$NEURAL_STYLE_PT" "$@"
case " $* " in
  *" --help "* | *" -h "*) ;;
  *) "$folder/../submit.sh" presets >/dev/null ;; # builds what is missing, so that no build is timed
esac
exec "$folder/python.sh" -m comparison "$@"
