#!/usr/bin/env bash
# ./submit.sh libtorch cuda [--into FOLDER]: installs a libtorch with CUDA from PyPI, for --device gpu. Needs python3 with pip, or uv.
# Downloads 2.7 GB, once. FOLDER is by default libtorch/ beside the launcher; NST_LIBTORCH names another one.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
usage() { say "Usage: $NST_LAUNCHER libtorch cuda [--into FOLDER]"; exit 2; }
NST_LAUNCHER=${NST_LAUNCHER:-./submit.sh}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
shift
[ "${1:-}" = cuda ] || usage
shift
while [ $# -gt 0 ]; do
  case $1 in
    --into) [ $# -ge 2 ] || usage; folder=$2; shift 2 ;;
    --into=*) folder=${1#*=}; shift ;;
    *) usage ;;
  esac
done
folder=$(realpath -m "$folder")
wanted=$(sha256sum <"$here/cuda.txt")

if [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$wanted" ]; then
  [ ! -e "$folder" ] || [ -e "$folder/environment.sh" ] ||
    { say "Cannot install into $folder: it exists and has other files. Name another folder with --into."; exit 2; }
  part=$folder.part.$$
  trap 'rm -rf "$part"' EXIT
  mkdir -p "$part/tmp" || { say "Cannot write beside $folder. Name another folder with --into."; exit 2; }
  options=(--quiet --no-deps --require-hashes --only-binary=:all: --target "$part" -r "$here/cuda.txt")
  say "Downloading PyTorch's libraries for CUDA (2.7 GB, once; NVIDIA's parts have NVIDIA's licence) ..."
  # One Python version for all machines: the wheels differ only in files that are removed below.
  if command -v uv >/dev/null; then
    uv pip install --python-version 3.11 --python-platform x86_64-manylinux_2_28 "${options[@]}"
  elif python3 -m pip --version >/dev/null 2>&1; then
    PIP_ROOT_USER_ACTION=ignore TMPDIR=$part/tmp python3 -m pip install --no-cache-dir --no-compile --disable-pip-version-check --python-version 3.11 --implementation cp \
      --abi cp311 --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 "${options[@]}"
  else
    say "Cannot install: neither uv nor python3 with pip is there. Install one, for example apt-get install python3-pip."
    exit 2
  fi
  # Keeps libraries, licences and the version. These libraries are for Python, or need packages that are left out.
  rm -rf "$part/tmp"
  find "$part" \( -type f -o -type l \) ! -name '*.so*' ! -path '*.dist-info/*' ! -path '*/torch/version.py' -delete
  rm -f "$part"/torch/lib/lib{torch_python,torch_cuda_linalg,torch_global_deps,shm}.so
  rm -rf "$part"/{torch/bin,functorch,torchgen}
  find "$part" -type d -empty -delete
  find "$part/torch" -name '*.so*' ! -path "$part/torch/lib/*" -delete
  # Any shell with BASH_SOURCE; the folder may be moved.
  cat >"$part/environment.sh" <<'ENVIRONMENT'
# The variables with which nst uses this libtorch. The libraries find each other by their RPATH, so LD_LIBRARY_PATH is not needed.
PYTORCH_LIBRARY_PATH=$(cd "$(dirname "${BASH_SOURCE[0]}")/torch/lib" && pwd)
export PYTORCH_LIBRARY_PATH PYTORCH_VERSION=2.7.1 PYTORCH_FLAVOR=cu128
ENVIRONMENT
  printf '%s\n' "$wanted" >"$part/installed"
  rm -rf "$folder"
  mv "$part" "$folder"
fi

cat <<SUMMARY
libtorch 2.7.1 with CUDA 12.6 is in $folder ($(du -sh "$folder" | cut -f1)).
On this machine, $NST_LAUNCHER uses it with --device gpu$([ "$folder" = "$(realpath -m "$here/../../../libtorch")" ] || printf ', if NST_LIBTORCH=%q is set' "$folder"). Check it: $NST_LAUNCHER doctor --device gpu
Executors of a cluster need the same folder on every node, and these options:
  --conf spark.executorEnv.PYTORCH_LIBRARY_PATH=$folder/torch/lib
  --conf spark.executorEnv.PYTORCH_VERSION=2.7.1
  --conf spark.executorEnv.PYTORCH_FLAVOR=cu128
SUMMARY
