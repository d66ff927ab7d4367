package nst.job.fleet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import nst.job.BenchmarkRun;
import nst.job.cost.BatchSchedule;
import nst.job.fleet.Conditions.Driver;
import nst.job.fleet.Conditions.Losses;
import nst.job.fleet.Conditions.Slow;
import nst.job.fleet.Conditions.Storage;
import nst.job.fleet.Simulation.Batch;
import nst.job.fleet.Simulation.Outcome;
import nst.job.plan.FleetBatches;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.Setting.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Simulates a run on 1 to 10,000 devices with the batches and the costs of the planner. */
@Command(
    name = "fleet",
    description =
        "Simulates a run on many devices: batches and costs as the planner makes them, losses of devices, slow devices,"
            + " limits of S3 and of the driver. Prints the makespan over the ideal for each disturbance alone and for all of"
            + " them.",
    mixinStandardHelpOptions = true)
public final class FleetBenchmark implements Callable<Integer> {
  /** Requests for each prefix and second, from Amazon's guide to the performance of S3. */
  private static final double S3_PUTS = 3500;

  /** {@code images/v1/00} to {@code ff}. */
  private static final int IMAGE_PREFIXES = 256;

  private static final Conditions IDEAL = Conditions.IDEAL;

  @Option(
      names = "--devices",
      split = ",",
      defaultValue = "1,10,100,1000,3000,10000",
      description = "Numbers of devices. Default: ${DEFAULT-VALUE}.")
  private List<Integer> devices = List.of();

  @Option(
      names = "--kinds",
      split = ",",
      defaultValue = "CPU,GPU",
      description = "Kinds of devices: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private List<Device> kinds = List.of();

  @Option(
      names = "--cpu-rows",
      defaultValue = "1000000",
      description = "Rows of the catalogue for CPUs. Default: ${DEFAULT-VALUE}.")
  private int cpuRows;

  @Option(
      names = "--gpu-rows",
      defaultValue = "2500000",
      description = "Rows of the catalogue for GPUs. Default: ${DEFAULT-VALUE}.")
  private int gpuRows;

  @Option(
      names = "--losses",
      defaultValue = "0.01",
      description = "Losses of a device in an hour. Default: ${DEFAULT-VALUE}.")
  private double losses;

  @Option(
      names = "--notice",
      defaultValue = "0",
      description =
          "Seconds from a loss until the driver knows of it: 0 if the connection is closed, up to"
              + " spark.network.timeout if the machine just stops. Default: ${DEFAULT-VALUE}.")
  private double notice;

  @Option(
      names = "--replacement",
      defaultValue = "300",
      description = "Seconds until a lost device is replaced. Default: ${DEFAULT-VALUE}.")
  private double replacement;

  @Option(
      names = "--slow",
      defaultValue = "0.01",
      description = "Share of the devices that are slow. Default: ${DEFAULT-VALUE}.")
  private double slow;

  @Option(
      names = "--factor",
      defaultValue = "2",
      description =
          "How many times as long a slow device takes for a row. Default: ${DEFAULT-VALUE}.")
  private double factor;

  @Option(
      names = "--deviation",
      defaultValue = "0.1",
      description =
          "Standard deviation of the logarithm of a row's time over its prediction. Default:"
              + " ${DEFAULT-VALUE}.")
  private double deviation;

  @Option(
      names = "--put",
      defaultValue = "0.05",
      description = "Seconds of a PUT request. Default: ${DEFAULT-VALUE}.")
  private double put;

  @Option(
      names = "--driver-tasks",
      defaultValue = "170",
      description = "Tasks that the driver starts in a second. Default: ${DEFAULT-VALUE}.")
  private double driverTasks;

  @Option(
      names = "--driver-rows",
      defaultValue = "1600",
      description =
          "Messages of finished rows that the driver handles in a second. Default:"
              + " ${DEFAULT-VALUE}.")
  private double driverRows;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  private final RunConfig config = BenchmarkRun.config(Map.of());

  @Override
  public Integer call() {
    for (Device kind : kinds) {
      double[] rows =
          FleetCatalogue.of(
              kind,
              switch (kind) {
                case CPU -> cpuRows;
                case GPU -> gpuRows;
              },
              seed);
      double seconds = Arrays.stream(rows).sum();
      System.out.printf(
          Locale.ROOT,
          "%s: %d rows, %.2f s each on average and at most %.0f s, %.0f device-hours%n",
          kind,
          rows.length,
          seconds / rows.length,
          Arrays.stream(rows).max().orElse(0),
          seconds / 3600);
      System.out.println(
          "                            makespan over ideal                                       | all of it but the new bucket");
      System.out.println(
          "devices  batches   ideal s   plan   losses slow   uneven driver S3     new bucket | all    lost work losses attempts PUT/s  rows/s   driver behind");
      for (int count : devices) {
        print(rows, count);
      }
    }
    return 0;
  }

  private void print(double[] rows, int count) {
    List<double[]> cut = FleetBatches.of(rows, count, config);
    List<Double> predicted = cut.stream().map(batch -> Arrays.stream(batch).sum()).toList();
    List<Batch> even = new ArrayList<>();
    List<Batch> uneven = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < cut.size(); i++) {
      even.add(new Batch(predicted.get(i), cut.get(i)));
      uneven.add(new Batch(predicted.get(i), disturbed(cut.get(i), random)));
    }
    double ideal = predicted.stream().mapToDouble(Double::doubleValue).sum() / count;
    double plan = new BatchSchedule(predicted, 0).makespan(count) / ideal;
    Conditions all = IDEAL.with(losses()).with(slow()).with(storage(IMAGE_PREFIXES)).with(driver());
    Outcome whole = Simulation.of(uneven, count, all);
    System.out.printf(
        Locale.ROOT,
        "%7d  %7d %9.0f   %.3f  %.3f  %.3f  %.3f  %.3f  %.3f  %-10.3f | %.3f  %6.4f %%  %6d %8d %6.0f %7.0f  %7.1f s%n",
        count,
        cut.size(),
        ideal,
        plan,
        Simulation.of(even, count, IDEAL.with(losses())).overIdeal(),
        Simulation.of(even, count, IDEAL.with(slow())).overIdeal(),
        Simulation.of(uneven, count, IDEAL).overIdeal(),
        Simulation.of(even, count, IDEAL.with(driver())).overIdeal(),
        Simulation.of(even, count, IDEAL.with(storage(IMAGE_PREFIXES))).overIdeal(),
        Simulation.of(even, count, IDEAL.with(storage(1))).overIdeal(),
        whole.overIdeal(),
        100 * whole.lostShare(),
        whole.losses(),
        whole.attempts(),
        whole.puts() / whole.makespan(),
        whole.rows() / whole.makespan(),
        whole.driverBehind());
  }

  private double[] disturbed(double[] seconds, SplittableRandom random) {
    return Arrays.stream(seconds)
        .map(second -> second * Math.exp(deviation * FleetCatalogue.normal(random)))
        .toArray();
  }

  /** A lost batch looks for each image that it has made with one request. */
  private Losses losses() {
    return new Losses(Losses.random(losses, seed), notice, replacement, put);
  }

  private Slow slow() {
    return new Slow(slow, factor);
  }

  private Driver driver() {
    return new Driver(driverTasks, driverRows);
  }

  /**
   * The store of a run.
   *
   * @param prefixes the partitions over which S3 has spread the images; a new bucket has one, also
   *     for the journal
   */
  private Storage storage(int prefixes) {
    return new Storage(
        prefixes * S3_PUTS,
        S3_PUTS,
        put,
        config.whole(Setting.JOURNAL_ROWS),
        config.seconds(Setting.JOURNAL_SECONDS).toSeconds());
  }
}
