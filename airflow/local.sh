# Source this file (`. ./local.sh`) for an Airflow below .airflow/ that runs the sample catalogue with ../submit.sh.
# Variables that are already set are kept, for example a cluster's connection or a bucket.
_here="$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")" && pwd)"
export AIRFLOW_HOME="${AIRFLOW_HOME:-$_here/.airflow/home}"
export AIRFLOW__CORE__DAGS_FOLDER="$_here/dags"
export AIRFLOW__CORE__LOAD_EXAMPLES=False
export PYTHONPATH="$_here/include"
_local='{"conn_type": "spark", "host": "local[*]"}'
export AIRFLOW_CONN_SPARK_DEFAULT="${AIRFLOW_CONN_SPARK_DEFAULT:-$_local}"
export AIRFLOW_NST_SUBMIT_SCRIPT="${AIRFLOW_NST_SUBMIT_SCRIPT:-"$(dirname "$_here")/submit.sh"}"
export AIRFLOW_NST_PROPERTIES_FILE="${AIRFLOW_NST_PROPERTIES_FILE:-"$(dirname "$_here")/conf/spark-local.conf"}"
export AIRFLOW_NST_MANIFEST="${AIRFLOW_NST_MANIFEST:-"$(dirname "$_here")/sample-data/manifest.parquet"}"
export AIRFLOW_NST_OUTPUT="${AIRFLOW_NST_OUTPUT:-"$_here/.airflow/out"}"
unset _here _local
