#!/usr/bin/env bash
# Makes the style network in the jar, src/main/resources/nst/engine/stylenetwork/sample-2.safetensors, in about 40 minutes on 2 cores.
#
#   src/tools/train_embedded.sh PHOTOS OUTPUT
#
# PHOTOS is a folder. The 40 photos of the network in the jar, with the shorter side reduced to 1024 px, are in the public domain or CC0:
#   - the photos in backgrounds/ of github.com/BuddiesOfBudgie/budgie-backgrounds, commit 8206742, except those that are held out
#   - of those in original/ of github.com/system76/pop-wallpapers, commit 03a25a1: ahmadreza-sajadi-10140-edit, galen-crout-175291,
#     jake-hills-36605, kait-herzog-8242, nasa-45068, nasa-53884, nasa-89127, ng-32703, samuel-zeller-337041, sebastien-gabriel-232361,
#     spacex-81773 and tony-webster-97532
#   - of those in backgrounds/ of github.com/elementary/wallpapers, commit f28b861: Ashim DSilva, Martin Adams, Morskie Oko, Mr. Lee,
#     Photo by SpaceX, Snow-Capped Mountain, Sunset by the Pier, Tj Holowaychuk and Viktor Forgacs
#   - astronaut, chelsea, coffee, motorcycle_left and rocket of scikit-image 0.26.0
# Held out, for measurements: the photos of benchmark/pictures, casa-mila and perched-osprey of budgie-backgrounds, sean-afnan-244576 of
# pop-wallpapers, and tulips of sample-data.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" >&2 && exit 2; }
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
exec "$home/submit.sh" train --style "$home/sample-data/style/starry_night.jpg" "$home/sample-data/style/the_scream.jpg" --photos "$1" \
  --output "$2" --image-size 384 --crop 256 --batch 2 --width 16 --steps 4400
