package nst.job;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.job.executor.Session;
import nst.job.halving.Halving;
import nst.job.halving.HalvingRule;
import nst.job.halving.Rung;
import nst.job.halving.RungChoice;
import nst.job.halving.RungChoice.Scored;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepDefinition;
import nst.job.sweep.SweepMaker;
import nst.job.sweep.SweepPoints.Sampling;
import nst.job.sweep.SweepTable;
import nst.job.sweep.SweepText;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what {@code sweep --halving} costs beside its full grid, and whether it keeps the grid's
 * best three points. A trial is one photo with one painting.
 */
@Command(
    name = "halving",
    description =
        "Runs full grids and their halving, and prints the share of the cost and the trials whose"
            + " best three points are kept. With the same --folder, it continues where it stopped.",
    mixinStandardHelpOptions = true)
public final class HalvingBenchmark implements Callable<Integer> {
  private static final List<String> PHOTOS =
      List.of(
          "astronaut",
          "boston",
          "casa_mila",
          "coffee",
          "colosseum",
          "kitten",
          "lake",
          "pier",
          "raccoon",
          "singapore",
          "tulips");
  private static final List<String> PAINTINGS =
      List.of(
          "composition_vii",
          "great_wave",
          "portrait_of_picasso",
          "san_giorgio",
          "starry_night",
          "tableau_2",
          "the_scream",
          "water_lilies");

  @Option(
      names = "--trials",
      defaultValue = "10",
      description = "Number of pairs of photo and painting. Default: ${DEFAULT-VALUE}.")
  private int trials;

  @Option(
      names = "--size",
      defaultValue = "128",
      description = "Size of the grid's images in pixels. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--iterations",
      defaultValue = "30",
      description = "Steps of the grid's rows. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(names = "--grid", description = "Axes. Default: four with three values each, 81 points.")
  private List<String> grid =
      new ArrayList<>(
          List.of(
              "content_weight=log:0.01..0.25:3",
              "style_scale=0.5,0.75,1",
              "tv_weight=0.003,0.03,0.3",
              "init=recolored,content,random"));

  @Option(
      names = "--rule",
      defaultValue = HalvingRule.SUM,
      description = "The rule of the halving. Default: ${DEFAULT-VALUE}.")
  private String rule = HalvingRule.SUM;

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-halving",
      description = "Folder for the outputs. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  /**
   * What a run cost.
   *
   * @param seconds for which rows held a device
   * @param work evaluations times pixels, which other processes do not change
   */
  private record Cost(double seconds, double work) {
    Cost plus(Cost other) {
      return new Cost(seconds + other.seconds, work + other.work);
    }
  }

  /** The rungs of one trial. */
  private final class Trial implements Halving.Runs {
    private final Session session;
    private final RunConfig config;
    private final String output;
    private final List<String> ranks = new ArrayList<>();
    private final List<RunSummary> runs = new ArrayList<>();
    private List<Integer> best = List.of();
    private boolean kept;

    Trial(Session session, RunConfig config, String output) {
      this.session = session;
      this.config = config;
      this.output = output;
    }

    @Override
    public RunSummary run(Rung rung, String manifest) {
      runs.add(BenchmarkRun.run(session, manifest, output, id(manifest), config));
      return runs.get(runs.size() - 1);
    }

    @Override
    public void chosen(Rung rung, RungChoice choice) {
      List<Integer> ranked = choice.ranked().stream().map(Scored::point).toList();
      kept = ranked.containsAll(best);
      ranks.add(
          best.stream()
              .map(point -> ranked.contains(point) ? "" + (ranked.indexOf(point) + 1) : "gone")
              .collect(Collectors.joining(" ")));
    }

    /** The digest in the name of a manifest. Another grid or rule has other runs. */
    private static String id(String manifest) {
      return Uris.fileName(manifest).replace(".parquet", "");
    }

    /** Runs the grid first: the last rung then finds its pictures. Returns whether it is kept. */
    boolean measure(String name, Halving halving) {
      List<Rung> rungs = halving.rungs();
      SweepTable table = halving.whole(rungs.get(rungs.size() - 1));
      String manifest = table.placeIn(output);
      table.write(session, manifest);
      RunSummary grid = BenchmarkRun.run(session, manifest, output, id(manifest), config);
      best = halving.ranked(grid).best(3).stream().map(Scored::point).toList();
      halving.run(output, this);
      Cost whole = cost(grid, null);
      Cost halved = cost(grid, keys(runs.get(runs.size() - 1)));
      for (RunSummary rung : runs.subList(0, runs.size() - 1)) {
        halved = halved.plus(cost(rung, null));
      }
      System.out.printf(
          Locale.ROOT,
          "%s: %.1f of %.1f s (%.3f), work %.3f; the grid's best three at ranks %s: %s%n",
          name,
          halved.seconds(),
          whole.seconds(),
          halved.seconds() / whole.seconds(),
          halved.work() / whole.work(),
          String.join(", ", ranks),
          kept ? "kept" : "lost");
      best.forEach(point -> System.out.println("    " + halving.label(point)));
      seconds.add(halved.seconds() / whole.seconds());
      work.add(halved.work() / whole.work());
      return kept;
    }

    /** The cost of a run, or of its rows with these keys. */
    private Cost cost(RunSummary run, Set<String> keys) {
      Dataset<Row> rows = metrics(run).where(col("status").equalTo("OK"));
      if (keys != null) {
        rows = rows.where(col("key").isin(keys.toArray()));
      }
      Row sums =
          rows.agg(
                  coalesce(sum(BenchmarkRun.heldSeconds()), lit(0.0)),
                  coalesce(
                      sum(
                          col("evaluations")
                              .cast("double")
                              .multiply(col("width"))
                              .multiply(col("height"))),
                      lit(0.0)))
              .head();
      return new Cost(sums.getDouble(0), sums.getDouble(1));
    }

    private Set<String> keys(RunSummary run) {
      return new HashSet<>(
          metrics(run).select("key").collectAsList().stream()
              .map(row -> row.getString(0))
              .toList());
    }

    private Dataset<Row> metrics(RunSummary run) {
      return session
          .spark()
          .read()
          .parquet(new OutputLayout(output, run.runDate(), run.runId()).metrics());
    }
  }

  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> work = new ArrayList<>();

  @Override
  public Integer call() {
    System.setProperty("spark.master", "local[2]");
    RunConfig config =
        BenchmarkRun.config(
            Map.of(Setting.ALLOWED_PREFIXES, "file:" + Path.of("sample-data").toAbsolutePath()));
    int kept = 0;
    try (Session session = Session.withDevices("benchmark halving", config)) {
      for (int number = 0; number < trials; number++) {
        String photo = PHOTOS.get(number % PHOTOS.size());
        String painting = PAINTINGS.get((number * 3 + number / 8) % PAINTINGS.size());
        String output = "file:" + folder.toAbsolutePath() + "/" + photo + "-" + painting;
        Trial trial = new Trial(session, config, output);
        if (trial.measure(photo + " x " + painting, halving(session, config, photo, painting))) {
          kept++;
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %d px, %d steps: the best three are kept in %d of %d trials; halving costs %.3f of the"
            + " grid's device time (at most %.3f), %.3f of its work%n",
        rule,
        size,
        iterations,
        kept,
        trials,
        mean(seconds),
        seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0),
        mean(work));
    return 0;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private Halving halving(Session session, RunConfig config, String photo, String painting) {
    Problems problems = new Problems();
    SweepDefinition definition =
        new SweepDefinition(
            List.of(sample("content/" + photo + ".jpg")),
            List.of(sample("style/" + painting + ".jpg")),
            List.of(),
            List.of(),
            Stream.concat(
                    grid.stream(), Stream.of("image_size=" + size, "num_iterations=" + iterations))
                .map(HalvingBenchmark::sample)
                .toList(),
            List.of(),
            0,
            Sampling.SOBOL,
            0);
    Sweep sweep = new SweepMaker(session, config, problems).make(definition).orElse(null);
    problems.throwIfAny();
    Halving halving = Halving.of(session, sweep, rule, config, problems).orElse(null);
    problems.throwIfAny();
    return halving;
  }

  private static SweepText sample(String text) {
    return new SweepText(text, "file:" + Path.of("sample-data").toAbsolutePath());
  }
}
