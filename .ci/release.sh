#!/usr/bin/env bash
# Packages a release, unpacks it in a folder with a space in its name, and uses it without Maven, git and the clone. Compares its start
# with the clone's. Runs the steps of the Dockerfile that are ours. Needs the jars in target/ and the clone's archive of classes.
set -euo pipefail
cd "$(dirname "$0")/.."

src/release/package.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/a folder" "$work/bin"
tar -xzf target/nst-*.tar.gz -C "$work/a folder"
release=$(echo "$work/a folder"/nst-*)
java=$(readlink -f "$(command -v java)")
nst() { # without Maven: only the system's folders, and java
  (cd "$work" && env -i HOME="$work" PATH="$work/bin:/usr/bin:/bin" JAVA_HOME="$(dirname "$(dirname "$java")")" "$release/nst" "$@")
}
for tool in mvn git; do printf '#!/bin/sh\necho "a release must not need %s" >&2\nexit 99\n' $tool >"$work/bin/$tool" && chmod +x "$work/bin/$tool"; done

echo "the first start prepares later ones with a run of one row, as the Dockerfile does"
grep -q '^RUN /opt/nst/nst presets balanced' "$release/Dockerfile"
nst presets balanced >"$work/presets"
grep -q '^balanced: ' "$work/presets"
[ -r "$release/lib/nst.jsa" ] # only there if that run, with Spark, succeeded

echo "a photo"
nst stylize "$release/sample-data/content/pier.jpg" --style "$release/sample-data/style/great_wave.jpg" --image-size 64 --num-iterations 2 -o pier.png
nst run "$work/pier.png" --output out 2>"$work/advice" && exit 1
grep -q "/nst' stylize" "$work/advice" # messages name the command that was typed

nst libtorch 2>"$work/advice" && exit 1
grep -q "^Usage: .*/nst libtorch cuda" "$work/advice" # the installer is in the release; its command is a RUN of the Dockerfile
grep -q '^RUN /tools/install.sh /libtorch cuda' "$release/Dockerfile" && [ -x "$release/src/tools/libtorch/install.sh" ]

echo "starts, milliseconds of CPU time, which depends less on other work than the clock: the release and the clone in turn"
TIMEFORMAT='%U %S'
ms() { { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ print int(1000 * ($1 + $2)) }'; }
for _ in 1 2 3; do
  ms nst presets balanced >>"$work/release"
  ms ./submit.sh presets balanced >>"$work/clone"
done
middle() { sort -n "$1" | sed -n 2p; }
echo "release $(middle "$work/release"), clone $(middle "$work/clone")"
# Both are the same program; a release without the archive of classes would take twice as long.
[ $((2 * $(middle "$work/release"))) -lt $((3 * $(middle "$work/clone"))) ] || { echo "The release starts more slowly than the clone." >&2; exit 1; }

python3 - "$release/kubernetes.yaml" "$release/nst.cdx.json" <<'PYTHON'
import json, re, sys
text = open(sys.argv[1]).read()
assert re.search(r"^kind: CronJob$", text, re.M) and "\t" not in text

bill = json.load(open(sys.argv[2]))
assert bill["bomFormat"] == "CycloneDX", bill["bomFormat"]
names = {component["name"] for component in bill["components"]}
assert {"pytorch-engine", "freemarker", "spark-core_2.12", "hadoop-aws"} <= names, names
assert not {"junit-jupiter", "zookeeper"} & names, names
print("the bill of materials lists", len(names), "libraries")
PYTHON
