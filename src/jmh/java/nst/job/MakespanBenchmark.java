package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How evenly a skewed catalogue keeps real devices busy. */
@Command(
    name = "makespan",
    description =
        "Runs a skewed catalogue of cheap rows, and prints from its metrics when the last device was done over when all"
            + " would have been, had the work been shared evenly.",
    mixinStandardHelpOptions = true)
public final class MakespanBenchmark implements Callable<Integer> {
  @Option(names = "--rows", defaultValue = "300", description = "Default: 300.")
  private int rows;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-makespan",
      description = "Where the output is written. Default: target/benchmark-makespan.")
  private Path folder = Path.of("");

  @Override
  public Integer call() {
    System.setProperty("spark.master", "local[2]");
    String root = "file:" + folder.toAbsolutePath() + "/" + System.currentTimeMillis();
    String samples = "file:" + Path.of("sample-data").toAbsolutePath();
    RunConfig config = BenchmarkRun.config(Map.of(Setting.ALLOWED_PREFIXES, samples));
    try (Session session = Session.withDevices("benchmark makespan", config)) {
      String manifest = root + "/manifest.parquet";
      new BenchmarkCatalogue(samples).skewed(rows, 80, 3).write(session.spark(), manifest);
      BenchmarkRun.run(session, manifest, root + "/out", "skewed", config);
      OutputLayout layout = new OutputLayout(root + "/out", "2026-01-01", "skewed");
      Dataset<Row> metrics = session.spark().read().parquet(layout.metrics());
      int devices = StyleTransferJob.devices(session.spark(), config);
      Row all =
          metrics
              .select(
                  col("started_at").cast("double").as("start"),
                  col("finished_at").cast("double").as("end"),
                  StyleTransferJob.held().as("held"))
              .agg(count(lit(1)), sum("held"), max("held"), min("start"), max("end"))
              .head();
      double makespan = all.getDouble(4) - all.getDouble(3);
      long batches =
          session.spark().read().parquet(layout.plan()).select("batch").distinct().count();
      System.out.printf(
          Locale.ROOT,
          "%d rows in %d batches on %d devices: %.1f device-seconds, dearest row %.1f s; makespan %.1f s, over ideal %.3f%n",
          all.getLong(0),
          batches,
          devices,
          all.getDouble(1),
          all.getDouble(2),
          makespan,
          makespan * devices / all.getDouble(1));
    }
    return 0;
  }
}
