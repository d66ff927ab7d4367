package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import nst.job.executor.Progress;
import nst.job.executor.Session;
import nst.job.task.InstantTask;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import org.apache.spark.sql.SaveMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how many finished rows and tasks the driver of a run handles in a second. */
@Command(
    name = "driver",
    description =
        "Runs a catalogue on executors whose device and images answer at once: first with batches as planned, then with one row in"
            + " each batch. Prints rows and tasks in a second, and the CPU time of the driver's process for each.",
    mixinStandardHelpOptions = true)
public final class DriverBenchmark implements Callable<Integer> {
  @Option(
      names = "--rows",
      defaultValue = "60000",
      description = "Rows of the run with batches as planned. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--tasks",
      defaultValue = "3000",
      description = "Rows of the run with one row in each batch. Default: ${DEFAULT-VALUE}.")
  private int tasks;

  @Option(
      names = "--executors",
      defaultValue = "2",
      description = "Executors, each in a JVM of its own. Default: ${DEFAULT-VALUE}.")
  private int executors;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-driver",
      description = "Folder for the output. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    Path root = folder.toAbsolutePath().resolve(Long.toString(System.currentTimeMillis()));
    Files.createDirectories(root);
    String[] addresses =
        IntStream.range(0, executors).mapToObj(Integer::toString).toArray(String[]::new);
    try (StandaloneCluster cluster = StandaloneCluster.start(root).worker(addresses)) {
      cluster.settings().forEach(System::setProperty);
      StandaloneCluster.executorResources(Path.of("target", "test-classes").toAbsolutePath())
          .forEach(System::setProperty);
      System.setProperty("spark.locality.wait", "0s"); // as in conf/spark-gpu.conf
      try (Session session = Session.withDevices("benchmark driver", config(300))) {
        measure(session, root, "warm-up", 1000, 300);
        measure(session, root, "batches", rows, 300);
        measure(session, root, "tasks", tasks, 1);
      }
    }
    return 0;
  }

  private RunConfig config(int batchSeconds) throws IOException {
    Map<Setting, String> settings = new EnumMap<>(SeededNetwork.settings(folder));
    settings.put(Setting.BATCH_SECONDS, Integer.toString(batchSeconds));
    return BenchmarkRun.config(settings);
  }

  private void measure(Session session, Path root, String name, int count, int batchSeconds)
      throws IOException {
    String manifest = "file:" + root + "/" + name + ".parquet";
    session
        .spark()
        .range(count)
        .select(
            format_string("row-%09d", col("id")).as("id"),
            lit("photo.png").as("content"),
            lit("style.png").as("style"),
            lit(64).as("image_size"),
            col("id").as("seed"))
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(manifest);
    RunOptions options =
        new RunOptions(
            manifest,
            "file:" + root + "/out-" + name,
            name,
            LocalDate.of(2026, 1, 1),
            config(batchSeconds));
    HeapPeak.reset();
    Stopwatch watch = new Stopwatch();
    RunSummary summary = new StyleTransferJob(session, options, watch, InstantTask::of).run();
    if (summary.rows().ok() != count) {
      throw new IllegalStateException("not every row was computed: " + summary.rows());
    }
    long batches =
        session
            .spark()
            .read()
            .parquet(RunContext.of(session, options).layout().plan())
            .select("batch")
            .distinct()
            .count();
    watch.print(name, count, batches, summary.wallSeconds());
  }

  /** Measures the part of a run in which tasks compute rows. */
  private static final class Stopwatch implements RunObserver {
    private final OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final long started = System.nanoTime();
    private Progress progress;
    private long began;
    private long cpuBefore;
    private double seconds;
    private double cpu;
    private long handled;

    @Override
    public void computing(Progress progress) {
      this.progress = progress;
      began = System.nanoTime();
      cpuBefore = process.getProcessCpuTime();
    }

    @Override
    public void computed() {
      handled = progress.snapshot().done();
      seconds = (System.nanoTime() - began) / 1e9;
      cpu = (process.getProcessCpuTime() - cpuBefore) / 1e9;
    }

    private void print(String name, int rows, long batches, double wall) {
      double before = (began - started) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%s: %d rows in %d tasks in %.1f s: %.0f rows and %.0f tasks a second; when the last task ended, the driver had handled"
              + " the messages of %d rows.%n"
              + "  CPU time of the driver %.1f s: %.2f ms a row, %.2f ms a task; its largest heap %.0f MB."
              + " Plan %.1f s before, tables and page %.1f s after%n",
          name,
          rows,
          batches,
          seconds,
          rows / seconds,
          batches / seconds,
          handled,
          cpu,
          1e3 * cpu / rows,
          1e3 * cpu / batches,
          HeapPeak.bytes() / 1e6,
          before,
          wall - before - seconds);
    }
  }
}
