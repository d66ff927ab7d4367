#!/usr/bin/env bash
# Executes docs/notebook.ipynb with PySpark; every cell must succeed. Compiles the example in Scala with the compiler of the same
# distribution, which .ci/spark-submit.sh has installed. Needs python3 with pip, a JDK 17, and the results of `mvn verify` in target/.
# With --write it keeps the outputs in the file.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=target/notebook/venv
src/tools/python_environment.sh "$environment" .ci/notebook/requirements.txt
packages=target/spark/3.5.8/packages
[ -d "$packages/pyspark" ] || { echo "expected Spark 3.5.8 in $packages: run .ci/spark-submit.sh first" >&2; exit 1; }

scala=target/spark/scala
rm -rf "$scala"
mkdir -p "$scala"
jars=$packages/pyspark/jars
java -XX:TieredStopAtLevel=1 -cp "$jars/*" scala.tools.nsc.Main -classpath "$jars/*:target/nst-cluster.jar" -Xfatal-warnings \
  -d "$scala" src/test/scala/nst/example/StylizeColumn.scala
[ -s "$scala/nst/example/StylizeColumn.class" ]

unset SPARK_HOME
SPARK_LOCAL_IP=127.0.0.1 PYTHONPATH=$PWD/$packages NST_SKIP_BUILD=1 DJL_OFFLINE=true OPT_OUT_TRACKING=true OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE \
  "$environment/bin/python" - "$@" <<'PYTHON'
import os
import sys
import nbformat
from nbclient import NotebookClient

file = "docs/notebook.ipynb"
notebook = nbformat.read(file, as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": "docs"}}).execute()
cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
text = "\n".join(
    output.get("text", "") + str(output.get("data", {}).get("text/html", ""))
    for cell in cells for output in cell.outputs
)
# One row without a picture, two pictures and four of the sweep, and the table of the run.
for expected, times in (("NOT_AN_IMAGE", 1), ("<img ", 6), ("OK|", 4), ("report/index.html", 1)):
    found = text.count(expected)
    if found < times:
        sys.exit(f"expected {expected} at least {times} times in the outputs, found it {found} times:\n{text[-4000:]}")
if "--write" in sys.argv:
    for cell in cells:
        cell.metadata.pop("execution", None)  # the times of this machine
        if any(folder in str(cell.outputs) for folder in ("/nst-notebook-", os.getcwd())):
            cell.outputs = []  # it shows folders of this machine
    nbformat.write(notebook, file)
print(f"{len(cells)} cells of the notebook, and the example in Scala compiles")
PYTHON
