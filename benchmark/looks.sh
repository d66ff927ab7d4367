#!/usr/bin/env bash
# Makes the tables for the choice of the preset balanced: images of many settings, scored by features that the optimiser does not use.
#
#   benchmark/looks.sh prepare IMAGES WEIGHTS FOLDER         cuts the photos of looks/pictures.tsv to few shapes
#   benchmark/looks.sh grid FOLDER OUT [--plan PLAN]         makes and scores pictures, on a GPU or a CPU
#   benchmark/looks.sh report OUT...                         prints the tables of docs/algorithm.md
#   benchmark/looks.sh sheet FOLDER OUT BALANCED WEIGHTS     draws docs/images/balanced.jpg and balanced-weights.jpg
#   benchmark/looks.sh engine IMAGES WEIGHTS WORK            makes the pairs with the engine, from whole photos, and scores them
#   benchmark/looks.sh sizes WEIGHTS WORK --pair PHOTO PAINTING    compares the pictures of two sizes
#   benchmark/looks.sh score WEIGHTS PHOTO PAINTING PICTURE...     scores any images, for example those of the engine
#   benchmark/looks.sh check WEIGHTS PHOTO PAINTING...       compares the losses with the oracle's
#
# Each command has --help. WEIGHTS is VGG16's convolutions as safetensors.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}"; }
case "${1:-}" in
prepare | grid | report | sheet | check | engine | sizes) module=looks.$1 ;;
score) module=looks.scores ;;
-h | --help | help) usage && exit ;;
*) usage >&2 && exit 2 ;;
esac
shift
exec "$folder/python.sh" -m "$module" "$@"
