package nst.job;

import static org.apache.spark.sql.functions.sum;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import nst.job.cost.BatchSchedule;
import nst.job.cost.CostModel;
import nst.job.executor.Session;
import nst.job.manifest.ManifestTable;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.job.plan.ExistingImages;
import nst.job.plan.Planner;
import nst.job.plan.RowStatus;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.OutputLayout;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plans a manifest of millions of rows, as {@code run} does, and prints time and memory. */
@Command(
    name = "plan",
    description =
        "Makes a manifest of many rows with a Spark job, plans it, and prints the time and the"
            + " largest heap.",
    mixinStandardHelpOptions = true)
public final class PlanBenchmark implements Callable<Integer> {
  private static final Networks NETWORKS = new Networks(List.of(Network.embedded()));

  @Option(
      names = "--rows",
      defaultValue = "10000000",
      description = "Number of rows. Default: 10 million.")
  private long rows;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-plan",
      description = "Folder for the manifest and the plan. Default: target/benchmark-plan.")
  private Path folder = Path.of("");

  @Option(
      names = "--devices",
      defaultValue = "64",
      description = "Number of devices in the plan. Default: 64.")
  private int devices;

  @Override
  public Integer call() throws IOException {
    System.setProperty("spark.master", "local[2]");
    Files.createDirectories(folder);
    String root = "file:" + folder.toAbsolutePath();
    try (Session session = Session.open("benchmark plan")) {
      SparkSession spark = session.spark();
      String manifest = root + "/manifest-" + rows + ".parquet";
      if (!session.store().exists(manifest + "/_made")) {
        timed("manifest made", () -> LargeManifest.write(spark, rows, manifest));
        session.store().write(manifest + "/_made", new byte[0]);
      }
      HeapPeak.reset();
      RunConfig config =
          BenchmarkRun.config(Map.of(Setting.ALLOWED_PREFIXES, LargeManifest.PHOTOS));
      OutputLayout layout = new OutputLayout(root + "/out", "2026-01-01", "benchmark");
      timed(
          "planned",
          () ->
              new Planner(spark, config, layout, CostModel.builtIn(Setting.Device.CPU))
                  .plan(
                      ManifestTable.open(spark, manifest, config, NETWORKS),
                      NETWORKS,
                      Map.of(),
                      devices,
                      new ExistingImages(
                          spark,
                          layout,
                          JavaSparkContext.fromSparkContext(spark.sparkContext())
                              .broadcast(
                                  new SerializableConfiguration(
                                      spark.sparkContext().hadoopConfiguration()))))
                  .dataset()
                  .write()
                  .mode(SaveMode.Overwrite)
                  .parquet(layout.plan()));
      System.out.printf(
          Locale.ROOT,
          "peak heap %.0f MB of %.0f MB; Spark's local folders hold %.2f GB, the plan has %.2f GB%n",
          HeapPeak.bytes() / 1e6,
          Runtime.getRuntime().maxMemory() / 1e6,
          localBytes() / 1e9,
          bytes(Path.of(layout.plan().substring("file:".length()))) / 1e9);
      List<Double> batches =
          spark
              .read()
              .parquet(layout.plan())
              .where(RowStatus.isPlanned())
              .groupBy("batch")
              .agg(sum("predicted_seconds"))
              .collectAsList()
              .stream()
              .map(row -> row.getDouble(1))
              .toList();
      double ideal = batches.stream().mapToDouble(Double::doubleValue).sum() / devices;
      System.out.printf(
          Locale.ROOT,
          "%d batches; simulated makespan on %d devices over ideal %.3f%n",
          batches.size(),
          devices,
          new BatchSchedule(batches, 0).makespan(devices) / ideal);
      spark
          .read()
          .parquet(layout.plan())
          .groupBy("status", "error_code")
          .count()
          .orderBy("status", "error_code")
          .show(false);
    }
    return 0;
  }

  /** The bytes of rows and shuffles that Spark holds on local disk. */
  private static long localBytes() throws IOException {
    long bytes = 0;
    for (File folder : SparkEnv.get().blockManager().diskBlockManager().localDirs()) {
      bytes += bytes(folder.toPath());
    }
    return bytes;
  }

  private static long bytes(Path folder) throws IOException {
    return LivingFolder.files(folder).stream().map(Path::toFile).mapToLong(File::length).sum();
  }

  private static void timed(String what, Runnable work) {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = System.nanoTime();
    long cpu = process.getProcessCpuTime();
    work.run();
    System.out.printf(
        Locale.ROOT,
        "%s in %.1f s, with %.1f s of CPU time%n",
        what,
        (System.nanoTime() - start) / 1e9,
        (process.getProcessCpuTime() - cpu) / 1e9);
  }
}
