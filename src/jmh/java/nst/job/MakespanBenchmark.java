package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import nst.job.executor.Session;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.ExecutorReport;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how evenly a catalogue of rows with very different costs uses several devices. */
@Command(
    name = "makespan",
    description =
        "Runs rows with very different costs. Prints, from metrics, the time at which the last"
            + " device was done, divided by the time for an even distribution of the work.",
    mixinStandardHelpOptions = true)
public final class MakespanBenchmark implements Callable<Integer> {
  /** The kinds of devices. */
  enum Place {
    /** The executors of a standalone master: a JVM with one GPU address each. */
    EXECUTORS,

    /** The tasks of one process: {@code local[n]}. */
    ONE_PROCESS
  }

  @Option(
      names = "--rows",
      defaultValue = "60",
      description = "Number of rows. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--size",
      defaultValue = "128",
      description = "Median of the log-normal sizes, in pixels. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--iterations",
      defaultValue = "15",
      description =
          "Steps of a row; one row in twenty has ten times as many. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(
      names = "--devices",
      defaultValue = "2",
      description = "Number of devices. Default: ${DEFAULT-VALUE}.")
  private int devices;

  @Option(
      names = "--place",
      defaultValue = "EXECUTORS",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Place place = Place.EXECUTORS;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-makespan",
      description = "Folder for the output. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    Path root = folder.toAbsolutePath().resolve(Long.toString(System.currentTimeMillis()));
    Files.createDirectories(root);
    switch (place) {
      case ONE_PROCESS -> {
        System.setProperty("spark.master", "local[" + devices + "]");
        measure(root, Map.of(Setting.ALLOWED_PREFIXES, samples()));
      }
      case EXECUTORS -> {
        String[] addresses =
            IntStream.range(0, devices).mapToObj(Integer::toString).toArray(String[]::new);
        try (StandaloneCluster cluster = StandaloneCluster.start(root).worker(addresses)) {
          cluster.settings().forEach(System::setProperty);
          System.setProperty("spark.jars", Path.of("target", "nst.jar").toUri().toString());
          System.setProperty("spark.locality.wait", "0s"); // as in conf/spark-gpu.conf
          Map<Setting, String> settings = new EnumMap<>(SeededNetwork.settings(folder));
          settings.put(Setting.ALLOWED_PREFIXES, samples());
          measure(root, settings);
        }
      }
    }
    return 0;
  }

  private static String samples() {
    return "file:" + Path.of("sample-data").toAbsolutePath();
  }

  private void measure(Path folder, Map<Setting, String> settings) {
    String root = "file:" + folder;
    RunConfig config = BenchmarkRun.config(settings);
    try (Session session = Session.withDevices("benchmark makespan", config)) {
      String manifest = root + "/manifest.parquet";
      new BenchmarkCatalogue(samples())
          .skewed(rows, size, iterations)
          .write(session.spark(), manifest);
      RunSummary summary = BenchmarkRun.run(session, manifest, root + "/out", "skewed", config);
      OutputLayout layout = new OutputLayout(root + "/out", "2026-01-01", "skewed");
      print(session, layout, summary);
    }
  }

  private void print(Session session, OutputLayout layout, RunSummary summary) {
    Dataset<Row> metrics = session.spark().read().parquet(layout.metrics());
    Dataset<Row> held =
        metrics.select(
            col("executor_id"),
            col("started_at").cast("double").as("start"),
            col("finished_at").cast("double").as("end"),
            BenchmarkRun.heldSeconds().as("held"));
    Row all = held.agg(count(lit(1)), sum("held"), max("held"), min("start"), max("end")).head();
    double begin = all.getDouble(3);
    double makespan = all.getDouble(4) - begin;
    long batches = session.spark().read().parquet(layout.plan()).select("batch").distinct().count();
    System.out.printf(
        Locale.ROOT,
        "%s: %d rows in %d batches on %d devices: %.1f device-seconds, most expensive row %.1f s; makespan"
            + " %.1f s, over ideal %.3f%n",
        where(session),
        all.getLong(0),
        batches,
        devices,
        all.getDouble(1),
        all.getDouble(2),
        makespan,
        makespan * devices / all.getDouble(1));
    List<Row> each =
        held.groupBy("executor_id")
            .agg(count(lit(1)), sum("held"), min("start"), max("end"))
            .orderBy("executor_id")
            .collectAsList();
    for (Row executor : each) {
      System.out.printf(
          Locale.ROOT,
          "  executor %s: %d rows, %.1f device-seconds, from %.1f s to %.1f s%n",
          executor.getString(0),
          executor.getLong(1),
          executor.getDouble(2),
          executor.getDouble(3) - begin,
          executor.getDouble(4) - begin);
    }
    System.out.printf(Locale.ROOT, "  the whole run: %.1f s%n", summary.wallSeconds());
  }

  private String where(Session session) {
    return switch (place) {
      case EXECUTORS ->
          "executors in JVMs of their own, standalone, process ids "
              + session.executors().stream().map(ExecutorReport.Ready::pid).toList();
      case ONE_PROCESS -> "tasks of one process, local[" + devices + "]";
    };
  }
}
