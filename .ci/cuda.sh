#!/usr/bin/env bash
# .ci/cuda.sh [quick]: the CUDA build of libtorch, on a machine without a GPU. A stub takes the place of NVIDIA's driver: it has the
# functions that the libraries import, and each returns 100 (no device). "quick" runs only what needs no download.
# Needs the jars in target/, and without "quick" gcc, nm and 2.7 GB from PyPI, which uv keeps in its cache.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NST_SKIP_BUILD=1 NST_LOG_DIR=$work/logs
unset PYTORCH_LIBRARY_PATH PYTORCH_VERSION PYTORCH_FLAVOR
photo=(sample-data/content/pier.jpg --style sample-data/style/great_wave.jpg --image-size 64 --num-iterations 2)
has() { grep -qF -- "$2" "$1" || { echo "expected in $1: $2" >&2; cat "$1" >&2; exit 1; }; }
ends() { # CODE FILE COMMAND...: runs a command that must end with this code
  local code=$1 file=$2 actual=0
  shift 2
  "$@" >"$file" 2>&1 || actual=$?
  [ "$actual" = "$code" ] || { echo "expected exit code $code, was $actual: $*" >&2; cat "$file" >&2; exit 1; }
}

echo "nothing is configured: the lines that help"
if [ ! -e libtorch ]; then
  ends 2 "$work/nothing" ./submit.sh stylize "${photo[@]}" --device gpu -o "$work/never.png" # exit 2: nothing was started
  has "$work/nothing" "./submit.sh libtorch cuda"
  has "$work/nothing" "./submit.sh doctor --device gpu"
fi
[ ! -e "$work/never.png" ]

echo "a folder that is none; a command that is none"
NST_LIBTORCH=$work ends 2 "$work/none" ./submit.sh stylize "${photo[@]}" --device gpu
has "$work/none" "has no environment.sh"
ends 2 "$work/usage" ./submit.sh libtorch rocm
has "$work/usage" "libtorch cuda [--into FOLDER]"
[ "${1:-}" != quick ] || exit 0

echo "the libraries"
folder=$PWD/target/libtorch-cuda
PATH=$PWD/target/uv/bin:$PATH ./submit.sh libtorch cuda --into "$folder"
export NST_LIBTORCH=$folder

echo "without a driver"
ends 4 "$work/no-driver" ./submit.sh doctor --device gpu
has "$work/no-driver" "no NVIDIA driver: cannot load libcuda.so.1"

echo "with a stub of the driver"
find "$folder" -name '*.so*' -type f | while read -r library; do
  nm -D --undefined-only "$library" | awk '$1 == "U" { print $2 }' | grep -E '^cu[A-Z]' || true
done | sed 's/@.*//' | sort -u >"$work/imported"
find "$folder" -name '*.so*' -type f | while read -r library; do nm -D --defined-only "$library" | awk '{ print $3 }' | grep -E '^cu[A-Z]' || true; done |
  sed 's/@.*//' | sort -u >"$work/defined"
comm -23 "$work/imported" "$work/defined" >"$work/symbols"
echo "$(wc -l <"$work/symbols") functions of the driver are imported"
{ cat "$work/symbols"; printf '%s\n' cuInit cuDriverGetVersion cuDeviceGetCount; } | sort -u | sed 's/.*/int &(void) { return 100; }/' >"$work/cuda.c"
gcc -shared -fPIC -w -Wl,-soname,libcuda.so.1 -o "$work/libcuda.so.1" "$work/cuda.c"
export LD_LIBRARY_PATH=$work
ends 4 "$work/stub" ./submit.sh doctor --device gpu --json
has "$work/stub" "cuInit returns 100 (no device)"
has "$work/stub" "2.7.1, cu128, in $folder/torch/lib"
ends 4 "$work/gpu" ./submit.sh stylize "${photo[@]}" --device gpu -o "$work/never.png"
has "$work/gpu" "this JVM sees 0 GPUs, CUDA runtime 126" # DJL counts GPUs with it; without it, it counts none on any machine
[ ! -e "$work/never.png" ]

echo "a picture of its CPU side and one of the CPU build"
./submit.sh stylize "${photo[@]}" --precision float32 -o "$work/cpu.png"
(. "$folder/environment.sh" && ./submit.sh stylize "${photo[@]}" --precision float32 -o "$work/cuda.png")
(. "$folder/environment.sh" && ./submit.sh doctor --json >"$work/doctor.json")
has "$work/doctor.json" "2.7.1, cu128, in $folder/torch/lib"
cat >"$work/Compare.java" <<'JAVA'
class Compare {
  public static void main(String[] a) throws Exception {
    var x = javax.imageio.ImageIO.read(new java.io.File(a[0]));
    var y = javax.imageio.ImageIO.read(new java.io.File(a[1]));
    int worst = 0;
    for (int i = 0; i < x.getHeight(); i++)
      for (int j = 0; j < x.getWidth(); j++)
        for (int s = 0; s < 24; s += 8)
          worst = Math.max(worst, Math.abs((x.getRGB(j, i) >> s & 255) - (y.getRGB(j, i) >> s & 255)));
    System.out.println("largest difference of a channel: " + worst + " of 255");
    if (worst > 2 || x.getWidth() != y.getWidth() || x.getHeight() != y.getHeight()) System.exit(1);
  }
}
JAVA
java -Djava.awt.headless=true "$work/Compare.java" "$work/cpu.png" "$work/cuda.png"
