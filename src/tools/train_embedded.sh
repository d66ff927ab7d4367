#!/usr/bin/env bash
# Makes the style network in the jar, src/main/resources/nst/engine/stylenetwork/sample-1.safetensors, in two trainings. The second begins
# with the result of the first.
#
#   src/tools/train_embedded.sh PHOTOS OUTPUT
#
# PHOTOS is a folder. The 36 photos of the network in the jar, with the shorter side reduced to 1024 px, are in the public domain or CC0:
#   - the photos in backgrounds/ of github.com/BuddiesOfBudgie/budgie-backgrounds, commit 8206742, except those that are held out
#   - the photos in original/ of github.com/system76/pop-wallpapers, commit 03a25a1, except those that are held out
#   - the photos in backgrounds/ of github.com/elementary/wallpapers, commit f28b861
#   - astronaut, chelsea, coffee, motorcycle_left and rocket of scikit-image 0.26.0
# Held out, for measurements: the photos of benchmark/pictures, casa-mila and perched-osprey of budgie-backgrounds, sean-afnan-244576 of
# pop-wallpapers, and tulips of sample-data. Files that Git stores outside the repository, illustrations and screenshots were left out too.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" >&2 && exit 2; }
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
styles=("$home/sample-data/style/starry_night.jpg" "$home/sample-data/style/the_scream.jpg")

train() {
  "$home/submit.sh" train --style "${styles[@]}" --photos "$1" --output "$2" --image-size 384 --crop 160 --batch 2 --json "${@:3}" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["network"].removeprefix("file:"))'
}

first=$(train "$1" "$2" --width 16 --steps 1400 --learning-rate 0.002)
train "$1" "$2" --from "$first" --steps 260 --learning-rate 0.0005 --seed 1
