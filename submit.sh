#!/usr/bin/env bash
# ./submit.sh [spark-submit options --] COMMAND [options]
#
# Runs a command of nst. By default it runs on this machine, from this repository, and needs only a JDK 17 and Maven;
# it first builds what is missing or older than its sources. In a release it is called nst, builds nothing and needs no Maven. Options of spark-submit before "--" can name a cluster.
# If SPARK_HOME is set, the spark-submit of that distribution is used instead of the one in the jars.
#
# ./submit.sh benchmark NAME [options]   runs a measurement (src/jmh); "benchmark --help" lists the names
# ./submit.sh libtorch cuda [--into FOLDER]   installs a libtorch with CUDA, for --device gpu
set -euo pipefail

# The script may be called through a link and from any folder.
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
if [ -d "$home/lib" ]; then built=$home/lib released=yes; else built=$home/target released=no; fi # src/release/package.sh
jar=$built/nst.jar
class_path_file=$built/classpath
archive=$built/nst.jsa

say() { printf '%s\n' "$*" >&2; }

# --- CUDA (docs/operations.md, GPU) ------------------------------------------------------------------------------------
libtorch=${NST_LIBTORCH:-$home/libtorch}
if [ "${1:-}" = libtorch ]; then
  shift
  NST_LAUNCHER=$0 exec "$home/src/tools/libtorch/install.sh" "$libtorch" "$@"
fi
# device=gpu uses the installed libtorch, unless the user has chosen one. The option may be one word, two words or a --set.
device=${NST_DEVICE:-}
before=
for argument in "$@"; do
  case $before=$argument in
    --device=*) device=$argument ;;
    --set=device=*) device=${argument#*=} ;;
    *=--device=*) device=${argument#*=} ;;
    *=--set=device=*) device=${argument#--set=device=} ;;
  esac
  before=$argument
done
use_cuda() {
  if [ "$device" = gpu ] && [ -z "${PYTORCH_LIBRARY_PATH:-}" ]; then
    # shellcheck disable=SC1091 # made by "libtorch cuda"
    if [ -r "$libtorch/environment.sh" ]; then . "$libtorch/environment.sh"; elif [ -n "${NST_LIBTORCH:-}" ]; then
      say "Cannot start: NST_LIBTORCH=$libtorch has no environment.sh; run $0 libtorch cuda."
      exit 2
    fi
  fi
}

# --- Build, if it is missing or old ----------------------------------------------------------------------------
needs_build() {
  [ ! -f "$jar" ] || [ ! -f "$class_path_file" ] ||
    [ -n "$(find "${sources[@]}" -newer "$jar" -print -quit)" ]
}
sources=("$home/src/main" "$home/pom.xml" "$home/conf/spark-local.conf")
if [ "${1:-}" = benchmark ]; then sources+=("$home/src/jmh" "$home/src/test"); fi

if [ $released = no ] && [ -z "${NST_SKIP_BUILD:-}" ] && needs_build; then
  stale="$jar is missing or older than its sources"
  writable=$home/target
  [ -e "$writable" ] || writable=$home
  [ -w "$writable" ] ||
    { say "Cannot build: $stale, and $(id -un) may not write to $home/target; run ./submit.sh once as the user who may."; exit 2; }
  command -v mvn >/dev/null || { say "Cannot build: $stale, and Maven (mvn) is not on the PATH."; exit 2; }
  say "Building (once; the first time Maven fetches about 600 MB of libraries) ..."
  log=$(mktemp)
  if ! (cd "$home" && mvn -B -q -DskipTests -DskipITs -Dspotless.check.skip=true -Derrorprone.checks=-XepDisableAllChecks package) >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    say "Cannot build $jar: see Maven's output above."
    exit 2
  fi
  rm -f "$log"
  touch "$jar" # a build without changes must not run again the next time
fi

# --- Java ------------------------------------------------------------------------------------------------------------
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then java=$JAVA_HOME/bin/java; else java=$(command -v java || true); fi
[ -n "$java" ] || { say "Cannot start: no java on the PATH; install a JDK 17."; exit 2; }
# Reads the version from the file of the JDK if possible, because starting a JVM takes a twentieth of a second.
release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
if [ -f "$release" ]; then version=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$release"); else version=; fi
[ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
major=${version%%.*} # 1.8 is below 17 as well
case $major in '' | *[!0-9]*) major=0 ;; esac
[ "$major" -ge 17 ] || { say "Cannot start: $java is Java ${version:-of an unknown version}; nst needs a JDK 17 or newer (JAVA_HOME, or java on the PATH)."; exit 2; }

case ${NST_HEAP:-2g} in
  *[!0-9kKmMgG]* | *[kKmMgG]?* | [kKmMgG]*) say "Cannot start: expected NST_HEAP like 2g or 1500m, was $NST_HEAP."; exit 2 ;;
esac

# --- File names ------------------------------------------------------------------------------------------------------
# A JVM takes the encoding of file names from the locale. With C, it can open only files with ASCII names.
if [ "$(locale charmap 2>/dev/null)" != UTF-8 ]; then
  export LC_ALL=C.UTF-8
fi

# The options that Spark needs with JDK 17 (its JavaModuleOptions).
opens=()
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
  java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  [ "$package" = sun.security.action ] && [ "$major" -ge 24 ] && continue # removed in JDK 24
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
# Newer JDKs print a warning at every start, because libraries of Spark use methods that will be removed.
if [ "$major" -ge 24 ]; then opens+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow); fi
opens+=("--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED")

# --- Process settings for libtorch (docs/design.md, Natives) ----------------------------------------------------
export DJL_OFFLINE=true OPT_OUT_TRACKING=true
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}
if [ -z "${MALLOC_MMAP_MAX_:-}" ]; then # if it is set, the user configures the allocator
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1} MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-33554432} \
    THP_MEM_ALLOC_ENABLE=${THP_MEM_ALLOC_ENABLE:-1}
fi
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-100000000000}

# --- The spark-submit options, up to "--" ----------------------------------------------------------------------------
spark_options=()
for argument in "$@"; do
  if [ "$argument" = "--" ]; then
    while [ "$1" != "--" ]; do spark_options+=("$1"); shift; done
    shift
    break
  fi
done

# stylize works in whatever folder its user is in. It leaves no log there, and needs no Spark.
if [ "${1:-}" = stylize ]; then
  [ ${#spark_options[@]} -eq 0 ] ||
    { say "stylize starts no Spark: leave out the options before --, or use run."; exit 2; }
  unset SPARK_HOME
  NST_LOG_DIR=${NST_LOG_DIR:-${TMPDIR:-/tmp}/nst-logs-$(id -u)}
  export NST_LOG_DIR
fi

log4j=$home/conf/log4j2.properties
if [ -z "${NST_LOG_DIR:-}" ] && { [ -e logs ] && [ ! -w logs ] || [ ! -e logs ] && [ ! -w . ]; }; then
  NST_LOG_DIR=${TMPDIR:-/tmp}/nst-logs-$(id -u)
  export NST_LOG_DIR
  say "$(id -un) may not write to $PWD/logs: the log is in $NST_LOG_DIR."
fi
started=$jar
[ -z "${SPARK_HOME:-}" ] || started=$built/nst-cluster.jar
[ -r "$started" ] && [ -r "$class_path_file" ] ||
  { say "Cannot start: $started and $class_path_file are not both there and readable; run ./submit.sh without NST_SKIP_BUILD, or mvn package."; exit 2; }
class_path=$(cat "$class_path_file")
# A release lists the names of the files beside it.
if [ $released = yes ]; then class_path=$built/${class_path//:/:$built/}; fi
if [ -n "${SPARK_HOME:-}" ]; then
  use_cuda
  natives=$(tr ':' '\n' <<<"$class_path" | grep -E '/(pytorch-native-cpu|pytorch-jni)-[^/]*\.jar$' | paste -sd, -)
  exec "$SPARK_HOME/bin/spark-submit" \
    --driver-java-options "-Djava.awt.headless=true -Duser.timezone=UTC -Dfile.encoding=UTF-8 -Dlog4j2.configurationFile=$log4j" --jars "$natives" \
    ${spark_options[@]+"${spark_options[@]}"} --class nst.cli.Main "$started" "$@"
fi

# Maven keeps the libraries in the home folder of the user who built.
IFS=: read -r -a libraries <<<"$class_path"
for library in "${libraries[@]}"; do
  [ -r "$library" ] || {
    say "Cannot start: $(id -un) cannot read $library; build as this user (mvn package -DskipTests -Dmaven.repo.local=FOLDER, with a folder that all users may read)."
    exit 2
  }
done

# Spark's pages and ports are only for this machine. The address of the page can only be set by this variable.
case " ${spark_options[*]-} " in
  *" --master local["* | *" --master local "* | *" --master=local["* | *" --master=local "*) local=yes ;;
  *" --master"* | *spark.master* | *" --properties-file"*) local=no ;;
  *) local=yes ;;
esac
if [ $local = yes ]; then export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}; fi

jvm=("$java" -Xmx"${NST_HEAP:-2g}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Djava.awt.headless=true -Duser.timezone=UTC
  -Dfile.encoding=UTF-8 -Dlog4j2.configurationFile="$log4j" "${opens[@]}"
  -Dnst.launcher="$0" -cp "$jar:$class_path")

# --- Class data sharing ----------------------------------------------------------------------------------------------
# Half of the start-up time is spent on loading Spark's classes. A run of one row writes them to an archive that every
# later start maps into memory. If the archive does not match the JVM, the JVM prints a message and ignores it.
prepare_starts() {
  say "Preparing faster starts (once, half a minute) ..."
  rm -f "$archive" # it is out of date: every JVM would print a message and ignore it
  scratch=$(mktemp -d)
  if (
    for variable in $(compgen -A export NST_); do unset "$variable"; done # this run must not use the user's settings
    export NST_LOG_DIR=$scratch/logs
    printf 'content,style\n"%s","%s"\n' "$home/sample-data/content/pier.jpg" "$home/sample-data/style/great_wave.jpg" >"$scratch/one-row.csv"
    "${jvm[@]}" -XX:ArchiveClassesAtExit="$archive.$$" nst.cli.Main run "$scratch/one-row.csv" --output "$scratch/out" \
      --image-size 64 --num-iterations 2 --set "uri.allowed_prefixes=file:$home/sample-data"
  ) >"$scratch/words" 2>&1; then
    mv "$archive.$$" "$archive" # atomically, on one file system: another process may be starting with it
    rm -rf "$scratch"
  else
    rm -f "$archive.$$"
    say "Starts stay slow: the run that prepares them failed. Its words are in $scratch/words, its log in $scratch/logs."
  fi
}
if [ -z "${NST_SKIP_BUILD:-}" ] && [ -w "$built" ] && { [ "$archive" -ot "$jar" ] || [ "$archive" -ot "$java" ]; }; then
  prepare_starts
fi
[ -r "$archive" ] && jvm+=(-XX:SharedArchiveFile="$archive" -Xlog:disable -Xlog:all=warning:stderr)

[ -t 1 ] && jvm+=(-Dnst.terminal.out=true)
[ -t 2 ] && jvm+=(-Dnst.terminal=true)
# shellcheck disable=SC2206 # several options in one variable
[ -n "${NST_JAVA_OPTS:-}" ] && jvm+=(${NST_JAVA_OPTS})

if [ "${1:-}" = benchmark ]; then
  cd "$home" # the benchmarks read sample-data
  shift
  exec "$java" -Xmx"${NST_HEAP:-2g}" -XX:+UseSerialGC -Djava.awt.headless=true -Duser.timezone=UTC -Dfile.encoding=UTF-8 \
    -Dlog4j2.configurationFile="$log4j" "${opens[@]}" ${NST_JAVA_OPTS:-} \
    -cp "$home/target/classes:$home/target/test-classes:$(cat "$home/target/test-classpath")" nst.benchmark.Main "$@"
fi
use_cuda # after the archive of classes is made, which needs no device
if [ ${#spark_options[@]} -eq 0 ]; then
  exec "${jvm[@]}" nst.cli.Main "$@"
fi
exec "${jvm[@]}" org.apache.spark.deploy.SparkSubmit "${spark_options[@]}" --class nst.cli.Main "$jar" "$@"
