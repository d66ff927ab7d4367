package nst.job;

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
import nst.engine.DeviceName;
import nst.engine.NetworkWeights;
import nst.engine.StyleTransfer;
import nst.engine.Stylized;
import nst.engine.TorchDevice;
import nst.image.ImageDecoder;
import nst.image.ImageEncoder;
import nst.image.ImageLimits;
import nst.image.ImageRecord;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.Backbone;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a run adds over the engine alone. */
@Command(
    name = "overhead",
    description =
        "Stylises the same rows by the engine alone, decoding and encoding included, on two threads, and by a run on"
            + " local[2], plan, journal, tables and all; prints both walls.",
    mixinStandardHelpOptions = true)
public final class OverheadBenchmark implements Callable<Integer> {
  private static final int DEVICES = 2;

  @Option(names = "--rows", defaultValue = "24", description = "Default: 24.")
  private int rows;

  @Option(names = "--rounds", defaultValue = "1", description = "Of both, in turn. Default: 1.")
  private int rounds;

  @Option(names = "--size", defaultValue = "256", description = "Pixels. Default: 256.")
  private int size;

  @Option(names = "--iterations", defaultValue = "100", description = "Default: 100.")
  private int iterations;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-overhead",
      description = "Where outputs are written. Default: target/benchmark-overhead.")
  private Path folder = Path.of("");

  @Override
  public Integer call() {
    System.setProperty("spark.master", "local[" + DEVICES + "]");
    String root = "file:" + folder.toAbsolutePath() + "/" + System.currentTimeMillis();
    String samples = "file:" + Path.of("sample-data").toAbsolutePath();
    RunConfig config = BenchmarkRun.config(Map.of(Setting.ALLOWED_PREFIXES, samples));
    long opening = System.nanoTime();
    try (Session session = Session.withDevices("benchmark overhead", config);
        TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.seeded(Backbone.VGG19))) {
      System.out.printf(
          Locale.ROOT, "session opened in %.1f s (not counted below)%n", since(opening));
      BenchmarkCatalogue catalogue = new BenchmarkCatalogue(samples).even(rows, size, iterations);
      String manifest = root + "/manifest.parquet";
      catalogue.write(session.spark(), manifest);
      warmUp(session, engine, root, samples, config);
      Hyperparameters h =
          config.defaults().with(Knob.IMAGE_SIZE, size).with(Knob.NUM_ITERATIONS, iterations);
      for (int round = 0; round < rounds; round++) {
        double alone = alone(engine, catalogue, h);
        RunSummary run =
            BenchmarkRun.run(session, manifest, root + "/out-" + round, "overhead", config);
        System.out.printf(
            Locale.ROOT,
            "%d rows, %d px, %d iterations: engine alone %.1f s, run %.1f s, of them %.1f s device time over %d devices:"
                + " %+.1f %%%n",
            rows,
            size,
            iterations,
            alone,
            run.wallSeconds(),
            run.deviceSeconds(),
            DEVICES,
            100 * (run.wallSeconds() / alone - 1));
      }
    }
    return 0;
  }

  private static void warmUp(
      Session session, StyleTransfer engine, String root, String samples, RunConfig config) {
    BenchmarkCatalogue few = new BenchmarkCatalogue(samples).even(4, 128, 10);
    few.write(session.spark(), root + "/few.parquet");
    BenchmarkRun.run(session, root + "/few.parquet", root + "/few", "few", config);
    Hyperparameters h = config.defaults().with(Knob.IMAGE_SIZE, 128).with(Knob.NUM_ITERATIONS, 10);
    System.out.printf(Locale.ROOT, "warmed up: engine alone %.1f s%n", alone(engine, few, h));
  }

  /** Seconds that the engine takes for the rows on {@link #DEVICES} threads. */
  private static double alone(
      StyleTransfer engine, BenchmarkCatalogue catalogue, Hyperparameters h) {
    long start = System.nanoTime();
    ConcurrentLinkedQueue<List<String>> waiting = new ConcurrentLinkedQueue<>(catalogue.images());
    Map<String, RgbImage> paintings = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(DEVICES);
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int thread = 0; thread < DEVICES; thread++) {
        workers.add(
            threads.submit(
                () -> {
                  for (List<String> row = waiting.poll(); row != null; row = waiting.poll()) {
                    RgbImage painting =
                        paintings.computeIfAbsent(row.get(1), OverheadBenchmark::decoded);
                    stylise(engine, decoded(row.get(0)), painting, row.get(1), h);
                  }
                }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the engine alone failed", e);
    } finally {
      threads.shutdownNow();
    }
    return since(start);
  }

  private static void stylise(
      StyleTransfer engine, RgbImage photo, RgbImage painting, String name, Hyperparameters h) {
    Stylized stylized =
        engine.stylize(
            new StyleTransfer.Images(
                photo,
                List.of(
                    new StyleTransfer.StyleImage(
                        painting, 1, Optional.empty(), Optional.empty(), name)),
                Optional.empty()),
            h,
            sample -> {});
    byte[] picture =
        ImageEncoder.encode(
            stylized.image(), h.outputFormat(), h.jpegQuality(), new ImageRecord("{}", Map.of()));
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
