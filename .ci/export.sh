#!/usr/bin/env bash
# Exports small style networks of both architectures as ONNX and TorchScript, and compares their pictures with the engine's.
# Needs the results of `mvn verify` or `mvn test-compile` in target/.
set -euo pipefail
cd "$(dirname "$0")/.."

cases=target/export
rm -rf "$cases"
DJL_OFFLINE=true OPT_OUT_TRACKING=true java -cp "target/classes:target/test-classes:$(cat target/test-classpath)" \
  nst.engine.stylenetwork.WriteExportCases "$cases"
oracle/python.sh src/tools/export_network/check.py "$cases"
