#!/usr/bin/env bash
# Tests target/nst-cluster.jar with Spark 3.5 and Spark 4: the stock spark-submit of each runs it on a standalone master and worker
# of the same distribution. PyPI's pyspark contains whole distributions with their Hadoop. Needs python3 with pip, a JDK 17, and
# the results of `mvn verify` in target/. Prints each step, and ends every process that it started.
set -euo pipefail
cd "$(dirname "$0")/.."

work=target/spark
mkdir -p "$work"
started=()
trap 'kill ${started[@]+"${started[@]}"} 2>/dev/null || true' EXIT

# await FILE PATTERN PID: waits until the pattern is in the file; prints the first match
await() {
  for _ in $(seq 600); do
    grep -oE -m1 "$2" "$1" 2>/dev/null && return
    kill -0 "$3" 2>/dev/null || break
    sleep 0.2
  done
  echo "Not started:" >&2
  cat "$1" >&2
  return 1
}

# stock VERSION HADOOP: runs all checks on that distribution
stock() {
  local version=$1 hadoop=$2 here=$work/$1
  local SPARK_HOME=$PWD/$here/packages/pyspark
  export SPARK_HOME
  if [ ! -x "$SPARK_HOME/bin/spark-submit" ]; then
    # Only the distribution is used, so it needs no environment, and none of its Python is compiled.
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-compile --target "$here/packages" "pyspark==$version"
  fi

  "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0 \
    >"$here/master.log" 2>&1 &
  local master_pid=$!
  started+=("$master_pid")
  local master
  master=$(await "$here/master.log" 'spark://127[.]0[.]0[.]1:[0-9]+' "$master_pid")
  "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 2 --memory 2g \
    --work-dir "$PWD/$here/work" "$master" >"$here/worker.log" 2>&1 &
  local worker_pid=$!
  started+=("$worker_pid")
  await "$here/worker.log" 'Successfully registered with master' "$worker_pid" >/dev/null

  rm -rf "$here/out"
  NST_LOG_DIR=$here/logs ./submit.sh --master "$master" --conf spark.driver.host=127.0.0.1 --conf spark.ui.enabled=false \
    --conf spark.executor.cores=1 --conf spark.cores.max=1 --conf spark.executor.memory=1g --conf spark.sql.shuffle.partitions=2 -- \
    run "$work/catalogue/manifest.parquet" --output "$here/out" --run-id stock --image-size 64 --num-iterations 4 \
    --batch-seconds 1 --max-failed-ratio 0.5 \
    --weights "$work/catalogue/vgg19.safetensors" --weights-sha256 "$digest" --json >"$here/run.json"
  NST_LOG_DIR=$here/logs ./submit.sh --master 'local[2]' -- verify --output "$here/out" --json >"$here/verify.json"
  kill "$worker_pid" "$master_pid"
  wait "$worker_pid" "$master_pid" 2>/dev/null || true

  python3 - "$version" "$hadoop" "$here" <<'CHECK'
import json, sys
version, hadoop, here = sys.argv[1:]
run, verified = (json.load(open(f"{here}/{name}.json")) for name in ("run", "verify"))
def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: expected {expected}, was {found}")
check("rows", run["rows"], {"total": 5, "ok": 3, "failed": 1, "skipped": 0, "duplicate": 1})
check("failures", run["failures"], {"NOT_FOUND": 1})
check("spark", run["versions"]["spark"], version)
check("hadoop", run["versions"]["hadoop"], hadoop)
check("executor processes", len({executor["pid"] for executor in run["executors"]}), 1) # ClusterIT has several
check("told by tasks", run["images_per_hour"] > 0, True)
check("images that verify found whole", (verified["checked"], verified["missing"], verified["altered"]), (3, 0, 0))
print(f"Spark {version} with Hadoop {hadoop}: 3 pictures by", run["executors"])
CHECK

  # doctor must report another version of hadoop-aws, before it causes a NoClassDefFoundError.
  local aws ended=0
  aws=$(tr ':' '\n' <target/classpath | grep -E '/hadoop-aws-[^/]*[.]jar$')
  NST_LOG_DIR=$here/logs ./submit.sh --master 'local[1]' --driver-class-path "$aws" -- doctor >"$here/doctor.txt" || ended=$?
  grep -A1 '^broken  hadoop' "$here/doctor.txt"
  grep -q "add hadoop-aws $hadoop" "$here/doctor.txt"
  [ "$ended" -eq 4 ] || { echo "doctor: expected exit code 4, was $ended"; return 1; }
}

rm -rf "$work/catalogue"
mkdir -p "$work/catalogue"
digest=$(cd "$PWD" && java --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED \
  --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.lang.invoke=ALL-UNNAMED \
  --add-opens=java.base/java.util=ALL-UNNAMED -Dlog4j2.configurationFile=conf/log4j2.properties \
  -cp "target/test-classes:target/classes:$(cat target/test-classpath)" \
  nst.job.SmallCatalogue "$work/catalogue")

stock 3.5.8 3.3.4
stock 4.1.4 3.4.2
