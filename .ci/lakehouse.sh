#!/usr/bin/env bash
# Tests metrics.table with the real Delta Lake and Iceberg, and the lineage that OpenLineage's listener reports. Maven fetches their jars
# (.ci/lakehouse/pom.xml). Needs the results of `mvn verify` in target/.
set -euo pipefail
cd "$(dirname "$0")/.."

work=target/lakehouse
rm -rf "$work"
mkdir -p "$work"
mvn -B -ntp -q -f .ci/lakehouse/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$PWD/$work/jars"
folder=$PWD/$work

# The catalogues as docs/outputs.md configures them. Delta Lake's 50 partitions for the state of a table are for large ones.
settings=(
  spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension,org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions
  spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog
  spark.sql.sources.default=delta
  spark.databricks.delta.snapshotPartitions=1
  spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog
  spark.sql.catalog.lake.type=hadoop
  "spark.sql.catalog.lake.warehouse=$folder/warehouse"
)

# Everything that does not need a process of its own: runs that are repeated and continued, a table that fails, other columns.
properties=()
for setting in "${settings[@]}"; do properties+=("-D$setting"); done
opens=()
for package in java.lang java.lang.invoke java.io java.net java.nio java.util java.util.concurrent sun.nio.ch sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE DJL_OFFLINE=true OPT_OUT_TRACKING=true \
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Duser.timezone=UTC -Djava.awt.headless=true -Dlog4j2.configurationFile=conf/log4j2.properties \
  "${opens[@]}" "${properties[@]}" -cp "target/test-classes:target/classes:$(cat target/test-classpath):$work/jars/*" \
  nst.job.Lakehouse "$work" lake.nst.metrics "delta.\`$folder/delta/metrics\`"

# As a user does it: the jars and the configuration before --, and one setting.
jars=$(printf '%s\n' "$work"/jars/*.jar | paste -sd, -)
options=(--master 'local[1]' --jars "$jars"
  --conf spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener
  --conf spark.openlineage.transport.type=file --conf "spark.openlineage.transport.location=$folder/lineage.jsonl"
  --conf spark.openlineage.namespace=nst)
for setting in "${settings[@]}"; do options+=(--conf "$setting"); done
NST_SKIP_BUILD=1 NST_LOG_DIR=$work/logs ./submit.sh "${options[@]}" -- run "$work/catalogue-1/manifest.parquet" --output "$work/out" --run-id night \
  --image-size 32 --num-iterations 1 --max-failed-ratio 0.5 --metrics-table "delta.\`$folder/delta/nights\`"

python3 - "$folder" <<'CHECK'
import json, sys
folder = sys.argv[1]
# Delta Lake's log is a file of JSON for each commit.
log = f"{folder}/delta/nights/_delta_log/%020d.json"
commits = [[json.loads(line) for line in open(log % number)] for number in (0, 1)]
rows = [json.loads(action["add"]["stats"])["numRecords"] for actions in commits for action in actions if "add" in action]
if sum(rows) != 2:
    sys.exit(f"expected 2 rows in the table, was {rows}")
events = [json.loads(line) for line in open(f"{folder}/lineage.jsonl")]
inputs, outputs = ({entry["name"] for event in events for entry in event[side]} for side in ("inputs", "outputs"))
print(len(events), "events")
for side, names in (("in", inputs), ("out", outputs)):
    for name in sorted(names):
        print(side, name.replace(folder, ""))
CHECK
