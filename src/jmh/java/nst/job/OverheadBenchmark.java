package nst.job;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.ImageEncoder;
import nst.image.record.ImageRecord;
import nst.job.executor.Session;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the time that a run adds to the engine. */
@Command(
    name = "overhead",
    description =
        "Stylises the same rows with the engine alone on two threads, including decoding and encoding, and with a run on"
            + " local[2]: plan, storage, journal, tables and page. Prints both elapsed times, and the parts of the run in which"
            + " the devices did not compute.",
    mixinStandardHelpOptions = true)
public final class OverheadBenchmark implements Callable<Integer> {
  private static final int DEVICES = 2;

  /** The storage of the manifest, the images and the output. */
  enum Storage {
    /** Local files. */
    LOCAL,

    /** The tests' S3 server, in this process; tables are written with the magic committer. */
    S3
  }

  @Option(
      names = "--rows",
      defaultValue = "24",
      description = "Number of rows. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--rounds",
      defaultValue = "1",
      description = "Repetitions of all measurements. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--storage",
      split = ",",
      defaultValue = "S3",
      description = "One run for each: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private List<Storage> storages = List.of();

  @Option(
      names = "--size",
      defaultValue = "256",
      description = "Size of the images in pixels. Default: 256.")
  private int size;

  @Option(
      names = "--iterations",
      defaultValue = "100",
      description = "Steps of each row. Default: 100.")
  private int iterations;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-overhead",
      description = "Folder for local outputs. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  @Override
  public Integer call() {
    System.setProperty("spark.master", "local[" + DEVICES + "]");
    RunConfig config =
        BenchmarkRun.config(
            Map.of(Setting.ALLOWED_PREFIXES, samples(Storage.LOCAL) + "," + samples(Storage.S3)));
    try (BenchmarkBucket bucket = BenchmarkBucket.open()) {
      bucket.settings().forEach(System::setProperty);
      long opening = System.nanoTime();
      try (Session session = Session.withDevices("benchmark overhead", config);
          TorchDevice device = TorchDevice.open(DeviceName.CPU);
          StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.embedded())) {
        System.out.printf(
            Locale.ROOT, "session opened in %.1f s (not counted below)%n", since(opening));
        BenchmarkBucket.upload(Path.of("sample-data", "content"), session.store(), "in/content");
        BenchmarkBucket.upload(Path.of("sample-data", "style"), session.store(), "in/style");
        compare(session, engine, config, new Case("warmed up", 4, 128, 10));
        for (int round = 1; round <= rounds; round++) {
          compare(session, engine, config, new Case("round-" + round, rows, size, iterations));
        }
      }
    }
    return 0;
  }

  /** Writes equal rows. */
  private record Case(String name, int rows, int size, int iterations) {
    BenchmarkCatalogue catalogue(Storage storage) {
      return new BenchmarkCatalogue(samples(storage)).even(rows, size, iterations);
    }

    String folder() {
      return name.replace(' ', '-');
    }
  }

  private static String samples(Storage storage) {
    return switch (storage) {
      case LOCAL -> "file:" + Path.of("sample-data").toAbsolutePath();
      case S3 -> BenchmarkBucket.uri("in");
    };
  }

  private void compare(Session session, StyleTransfer engine, RunConfig config, Case rows) {
    Hyperparameters h =
        config
            .defaults()
            .with(Knob.IMAGE_SIZE, rows.size())
            .with(Knob.NUM_ITERATIONS, rows.iterations());
    Walls alone = alone(engine, rows.catalogue(Storage.LOCAL), h);
    System.out.printf(
        Locale.ROOT,
        "%s: %d rows, %d px, %d iterations: engine alone, on %d threads: %.1f s, a thread's last row after %.1f s on average%n",
        rows.name(),
        rows.rows(),
        rows.size(),
        rows.iterations(),
        DEVICES,
        alone.longest(),
        alone.mean());
    for (Storage storage : storages) {
      run(session, config, rows, storage, alone);
    }
  }

  private void run(Session session, RunConfig config, Case rows, Storage storage, Walls alone) {
    String root =
        switch (storage) {
          case LOCAL -> "file:" + folder.toAbsolutePath() + "/" + System.currentTimeMillis();
          case S3 -> BenchmarkBucket.uri(rows.folder());
        };
    Map<String, String> protocol = storage == Storage.S3 ? S3Run.protocol() : Map.of();
    protocol.forEach((key, value) -> session.spark().conf().set(key, value));
    String manifest = root + "/" + rows.folder() + ".parquet";
    rows.catalogue(storage).write(session.spark(), manifest);
    long start = System.nanoTime();
    RunSummary run = BenchmarkRun.run(session, manifest, root + "/out", "overhead", config);
    double wall = since(start);
    OutputLayout layout = new OutputLayout(root + "/out", "2026-01-01", "overhead");
    Dataset<Row> metrics = session.spark().read().parquet(layout.metrics());
    Row turns =
        metrics
            .agg(
                min(col("started_at").cast("double")),
                max(col("finished_at").cast("double")),
                sum("write_ms"))
            .head();
    // The last row of each device.
    double devicesEnd =
        metrics
            .select(col("finished_at").cast("double").as("end"))
            .orderBy(col("end").desc())
            .limit(DEVICES)
            .agg(avg("end"))
            .head()
            .getDouble(0);
    protocol.keySet().forEach(session.spark().conf()::unset);
    double before = turns.getDouble(0) - run.startedAt().toEpochMilli() / 1e3;
    double rowsTook = turns.getDouble(1) - turns.getDouble(0);
    double idle = turns.getDouble(1) - devicesEnd;
    System.out.printf(
        Locale.ROOT,
        "  run on %-5s %.1f s: %+.1f %%; without what a thread or a device waited at the very end for the other's last row: %+.1f"
            + " %%. Before the first row %.2f s, after the last %.2f s; between, the %d devices were held for %.1f of %.1f s"
            + " each, and %.2f s of writing lay beside%n",
        storage,
        wall,
        100 * (wall / alone.longest() - 1),
        100 * ((wall - idle) / alone.mean() - 1),
        before,
        wall - before - rowsTook,
        DEVICES,
        run.deviceSeconds() / DEVICES,
        rowsTook,
        turns.getLong(2) / 1e3);
  }

  /**
   * The times at which threads finished their last rows.
   *
   * @param longest in seconds
   * @param mean in seconds
   */
  private record Walls(double longest, double mean) {}

  /** Runs all rows with the engine alone, on {@link #DEVICES} threads. */
  private static Walls alone(
      StyleTransfer engine, BenchmarkCatalogue catalogue, Hyperparameters h) {
    long start = System.nanoTime();
    ConcurrentLinkedQueue<List<String>> waiting = new ConcurrentLinkedQueue<>(catalogue.images());
    Map<String, RgbImage> paintings = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(DEVICES);
    try {
      List<Future<Double>> workers = new ArrayList<>();
      for (int thread = 0; thread < DEVICES; thread++) {
        workers.add(
            threads.submit(
                () -> {
                  for (List<String> row = waiting.poll(); row != null; row = waiting.poll()) {
                    RgbImage painting =
                        paintings.computeIfAbsent(row.get(1), OverheadBenchmark::decoded);
                    stylise(engine, decoded(row.get(0)), painting, row.get(1), h);
                  }
                  return since(start);
                }));
      }
      double longest = 0;
      double sum = 0;
      for (Future<Double> worker : workers) {
        longest = Math.max(longest, worker.get());
        sum += worker.get();
      }
      return new Walls(longest, sum / DEVICES);
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the engine alone failed", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void stylise(
      StyleTransfer engine, RgbImage photo, RgbImage painting, String name, Hyperparameters h) {
    StylizedImage stylized =
        engine.stylize(
            new SourceImages(
                photo,
                List.of(new StyleImage(painting, 1, Optional.empty(), Optional.empty(), name)),
                Optional.empty()),
            h,
            sample -> {});
    byte[] picture =
        ImageEncoder.encode(
            stylized.image(),
            h.outputFormat(),
            h.jpegQuality(),
            pixels -> new ImageRecord("{}", Map.of()));
    if (picture.length == 0) {
      throw new IllegalStateException("no picture came");
    }
  }

  private static RgbImage decoded(String uri) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(uri.substring("file:".length())));
      return new ImageDecoder(ImageLimits.DEFAULT).decode(bytes).image();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + uri, e);
    }
  }

  private static double since(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
