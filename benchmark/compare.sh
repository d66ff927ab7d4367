#!/usr/bin/env bash
# Measures this program against neural-style-pt on neural-style-pt's own objective; docs/performance.md has its results and what they mean.
#
#   benchmark/compare.sh --neural-style-pt DIR [--whole] [--work DIR] [--cases 256x50] ...     --help lists the rest
#
# Begun again with the same --work it goes on where it was.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ -n "${NEURAL_STYLE_PT:-}" ] && set -- --neural-style-pt "$NEURAL_STYLE_PT" "$@"
case " $* " in
  *" --help "* | *" -h "*) ;;
  *) "$folder/../submit.sh" presets >/dev/null ;; # builds what is missing: no build in what is timed
esac
exec "$folder/python.sh" -m comparison "$@"
