#!/usr/bin/env bash
# src/release/package.sh: makes target/nst-VERSION.tar.gz from the jars in target/ (mvn package) and a bill of materials, which Maven
# makes. Unpacked anywhere, it needs a JDK 17 and no Maven: nst-VERSION/nst run nst-VERSION/sample-data/manifest.parquet --output out
set -euo pipefail
cd "$(dirname "$0")/../.."

version=$(sed -n '/<artifactId>nst</,/<version>/s:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -1)
name=nst-$version
for file in target/nst.jar target/nst-cluster.jar target/classpath; do
  [ -r "$file" ] || { echo "Cannot package: $file is missing; run mvn package -DskipTests first." >&2; exit 2; }
done

mvn -B -q -Prelease cyclonedx:makeBom@sbom
release=target/release/$name
rm -rf target/release
mkdir -p "$release/lib"
cp submit.sh "$release/nst"
cp -r conf sample-data docs airflow README.md LICENSE NOTICE "$release"
find "$release/airflow" -name __pycache__ -prune -exec rm -rf {} +
mkdir -p "$release/src/tools"
cp -r src/tools/libtorch "$release/src/tools"
cp src/release/Dockerfile src/release/kubernetes.yaml "$release"
cp target/nst.jar target/nst-cluster.jar "$release/lib"
cp target/nst.cdx.json "$release"
IFS=: read -r -a libraries <target/classpath || true # the file has no newline at its end
ln -s "${libraries[@]}" "$release/lib"
names=("${libraries[@]##*/}")
[ "$(printf '%s\n' "${names[@]}" | sort | uniq -d)" = "" ] || { echo "Cannot package: two libraries have the same file name." >&2; exit 2; }
(IFS=: && printf '%s' "${names[*]}") >"$release/lib/classpath"
# The jars are compressed already. Links become files, and the archive has the same bytes for the same input.
tar --create --dereference --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct 2>/dev/null || echo 0)" \
  --directory target/release "$name" | gzip -1 -n >"target/$name.tar.gz"
rm -rf target/release
ls -lh "target/$name.tar.gz"
