package nst.job;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import nst.job.executor.Session;
import nst.job.source.ManifestSource;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the prediction of {@code plan} with the time of {@code run}. */
@Command(
    name = "forecast",
    description =
        "Plans and runs the sample and 100 mixed rows. Prints the predicted and the measured"
            + " seconds, first without and then with the cost records of earlier runs. Then"
            + " predicts rows of 512 px from constants, from rows of 64 px and from themselves.",
    mixinStandardHelpOptions = true)
public final class ForecastBenchmark implements Callable<Integer> {
  private static final int SMALL_ROWS = 40;
  private static final int LARGE_ROWS = 4;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-forecast",
      description = "Folder for outputs. Default: target/benchmark-forecast.")
  private Path folder = Path.of("");

  @Option(
      names = "--mixed",
      defaultValue = "100",
      description = "Number of mixed rows. Default: 100.")
  private int mixed;

  @Option(
      names = "--sizes-only",
      description =
          "Only rows of 64 px and then rows of 512 px, without the sample and mixed rows.")
  private boolean sizesOnly;

  @Option(
      names = "--steps",
      defaultValue = "30",
      description = "Iterations of the rows of 64 px and 512 px. Default: 30.")
  private int steps;

  @Override
  public Integer call() {
    System.setProperty("spark.master", "local[2]");
    String root = "file:" + folder.toAbsolutePath() + "/" + System.currentTimeMillis();
    String samples = "file:" + Path.of("sample-data").toAbsolutePath();
    RunConfig config =
        BenchmarkRun.config(
            Map.of(Setting.COSTS_PATH, root + "/costs", Setting.ALLOWED_PREFIXES, samples));
    try (Session session = Session.withDevices("benchmark forecast", config)) {
      System.out.println(
          "rows     predicted from                       device-s predicted  taken   error   wall predicted  taken   error");
      if (!sizesOnly) {
        sampleAndMixed(session, samples, root, config);
      }
      sizes(session, samples, root, config);
    }
    return 0;
  }

  private void sampleAndMixed(Session session, String samples, String root, RunConfig config) {
    String sample = samples + "/manifest.parquet";
    String mixture = root + "/mixed.parquet";
    new BenchmarkCatalogue(samples).mixed(mixed).write(session.spark(), mixture);
    compare(session, "sample", sample, root + "/a", config);
    compare(session, "mixed", mixture, root + "/b", config);
    compare(session, "sample", sample, root + "/c", config);
    compare(session, "mixed", mixture, root + "/d", config);
  }

  private void sizes(Session session, String samples, String root, RunConfig config) {
    String small = root + "/small.parquet";
    String large = root + "/large.parquet";
    new BenchmarkCatalogue(samples).even(SMALL_ROWS, 64, steps).write(session.spark(), small);
    new BenchmarkCatalogue(samples).even(LARGE_ROWS, 512, steps).write(session.spark(), large);
    RunConfig separate =
        BenchmarkRun.config(
            Map.of(
                Setting.COSTS_PATH,
                root + "/costs-of-sizes",
                Setting.ALLOWED_PREFIXES,
                config.text(Setting.ALLOWED_PREFIXES)));
    Forecast builtIn = forecast(session, large, root + "/e", separate);
    compare(session, "64 px", small, root + "/e", separate);
    Forecast scaled = forecast(session, large, root + "/e", separate);
    RunSummary summary = BenchmarkRun.run(session, large, root + "/e", "512px", separate);
    print("512 px", builtIn, summary);
    print("512 px", scaled, summary);
    compare(session, "512 px", large, root + "/f", separate);
  }

  private static void compare(
      Session session, String name, String manifest, String output, RunConfig config) {
    Forecast forecast = forecast(session, manifest, output, config);
    print(
        name, forecast, BenchmarkRun.run(session, manifest, output, name.replace(" ", ""), config));
  }

  private static Forecast forecast(
      Session session, String manifest, String output, RunConfig config) {
    return Forecast.of(session, ManifestSource.table(manifest), output, config);
  }

  private static void print(String name, Forecast forecast, RunSummary summary) {
    double seconds = forecast.deviceHours() * 3600;
    double wall = forecast.makespanHours() * 3600;
    System.out.printf(
        Locale.ROOT,
        "%-8s %-36s %18.1f %6.1f %+6.0f%% %15.1f %6.1f %+6.0f%%%n",
        name,
        forecast.costs().shares().keySet() + " of " + forecast.costs().measuredRows() + " rows",
        seconds,
        summary.deviceSeconds(),
        100 * (seconds / summary.deviceSeconds() - 1),
        wall,
        summary.wallSeconds(),
        100 * (wall / summary.wallSeconds() - 1));
  }
}
