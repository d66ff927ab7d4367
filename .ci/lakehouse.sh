#!/usr/bin/env bash
# Tests metrics.table with the real Delta Lake and Iceberg, and what OpenLineage's listener reports about a run. Maven fetches their jars
# (.ci/lakehouse/pom.xml); Spark gets them as with ./submit.sh, by its options. Needs the results of `mvn verify` in target/.
set -euo pipefail
cd "$(dirname "$0")/.."

work=target/lakehouse
rm -rf "$work"
mkdir -p "$work"
mvn -B -ntp -q -f .ci/lakehouse/pom.xml org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$PWD/$work/jars"
folder=$PWD/$work

# As in docs/outputs.md. The state of Delta Lake's tables has 50 partitions, which is for large ones.
options=()
for setting in \
  spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension,org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions \
  spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog \
  spark.databricks.delta.snapshotPartitions=1 \
  spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog \
  spark.sql.catalog.lake.type=hadoop \
  "spark.sql.catalog.lake.warehouse=$folder/warehouse" \
  spark.extraListeners=io.openlineage.spark.agent.OpenLineageSparkListener \
  spark.openlineage.transport.type=file \
  "spark.openlineage.transport.location=$folder/lineage.jsonl" \
  spark.openlineage.namespace=nst \
  spark.openlineage.appName=nightly \
  spark.openlineage.jobName.appendDatasetName=false \
  'spark.openlineage.dataset.removePath.pattern=(.*)(?<remove>/run_date=[^/]+/run_id=[^/]+)(.*)'; do
  options+=(--conf "$setting")
done
opens=()
for package in java.lang java.lang.invoke java.io java.net java.nio java.util java.util.concurrent sun.nio.ch sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done

# nst.jsa has the classes of submit.sh's class path, which must come first. Without the file, the start is slower.
OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE DJL_OFFLINE=true OPT_OUT_TRACKING=true SPARK_LOCAL_IP=127.0.0.1 \
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:SharedArchiveFile=target/nst.jsa -Xlog:disable -Duser.timezone=UTC -Djava.awt.headless=true \
  -Dfile.encoding=UTF-8 -Dlog4j2.configurationFile=conf/log4j2.properties "${opens[@]}" \
  -cp "target/nst.jar:$(cat target/classpath):target/test-classes:$(cat target/test-classpath)" org.apache.spark.deploy.SparkSubmit \
  --master 'local[1]' --jars "$(printf '%s\n' "$work"/jars/*.jar | paste -sd, -)" "${options[@]}" --class nst.job.Lakehouse target/nst.jar \
  "$work" lake.nst.metrics "delta.\`$folder/delta/metrics\`"

python3 - "$folder" <<'CHECK'
import json, sys
folder = sys.argv[1]
events = [json.loads(line) for line in open(f"{folder}/lineage.jsonl")]
def names(event, side):
    return {entry["name"] for entry in event[side]}
catalogue = f"{folder}/catalogue-1"
runs = f"{catalogue}/out/runs"
table = f"{folder}/warehouse/nst/metrics"
found = {
    "the manifest is read": any(f"{catalogue}/manifest.parquet" in names(e, "inputs") for e in events),
    "metrics is written": any(f"{runs}/metrics" in names(e, "outputs") and e["eventType"] == "COMPLETE" for e in events),
    "loss is written": any(f"{runs}/loss" in names(e, "outputs") for e in events),
    "the table is a copy of metrics": any(
        f"{runs}/metrics" in names(e, "inputs") and table in names(e, "outputs") and e["eventType"] == "COMPLETE" for e in events),
    # As docs/outputs.md says. If the listener reports them one day, the page can say so.
    "no event has the manifest and metrics": not any(
        f"{catalogue}/manifest.parquet" in names(e, "inputs") and f"{runs}/metrics" in names(e, "outputs") for e in events),
    "no event has pictures": not any("/images/" in name for e in events for name in names(e, "inputs") | names(e, "outputs")),
    "all are of one application": len({e["run"]["facets"]["parent"]["root"]["run"]["runId"] for e in events if "parent" in e["run"]["facets"]}) == 1,
    "no job is named by a run": not any("run_id" in e["job"]["name"] for e in events),
}
missing = [what for what, is_there in found.items() if not is_there]
if missing:
    sys.exit(f"expected of {len(events)} events: {'; '.join(missing)}")
print(f"{len(events)} events of OpenLineage have what docs/outputs.md says")
CHECK
