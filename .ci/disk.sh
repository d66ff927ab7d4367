#!/usr/bin/env bash
# Runs the sample on a full disk and into a read-only folder, each a small file system in a mount namespace of its own. The job must
# end with exit code 4, name what could not be written, and leave no temporary file.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# inside OPTIONS SETUP: runs the sample into a tmpfs with these mount options; prints the messages and then what is left there.
inside() {
  mkdir -p "$work/disk"
  unshare --map-root-user --mount bash -c '
    disk=$1 options=$2 after=$3
    mount -t tmpfs -o "$options" tmpfs "$disk"
    [ -z "$after" ] || mount -o "remount,$after" "$disk"
    code=0
    NST_SKIP_BUILD=1 ./submit.sh run sample-data/manifest.parquet --output "$disk/out" --image-size 64 --num-iterations 1 2>&1 || code=$?
    echo "exit code $code"
    find "$disk" -name ".*" -type f -printf "left behind: %p\n"
  ' disk "$work/disk" "$1" "$2" | tee "$work/said"
}

expect() { grep -q -- "$1" "$work/said" || { echo "expected: $1"; exit 1; }; }
refuse() { ! grep -q -- "$1" "$work/said" || { echo "did not expect: $1"; exit 1; }; }

echo "A disk of 64 KB"
inside size=64k ""
expect "exit code 4"
expect "No space left on device"
expect "$work/disk/out"
refuse "left behind"

echo "A read-only folder"
inside size=1m ro
expect "exit code 4"
expect "Read-only file system"
expect "$work/disk/out"
refuse "left behind"
