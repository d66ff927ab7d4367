package nst.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nst.job.executor.Session;
import nst.job.page.RowPick;
import nst.job.table.Globs;
import nst.job.table.MetricsTable;
import nst.job.table.RowTable;
import nst.model.InvalidInputException;
import nst.record.ReportedRow;
import nst.record.RunSummary;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads the output of finished runs. */
public final class RunReader {
  private static final long MAX_BYTES = 16L << 20;

  private final SparkSession spark;
  private final ObjectStore store;
  private final String output;

  /**
   * @param output absolute URI
   */
  public RunReader(Session session, String output) {
    session.requireStorage("--output", output);
    this.spark = session.spark();
    this.store = session.store();
    this.output = output;
  }

  /** All finished runs, the latest last. */
  List<RunSummary> runs() {
    List<RunSummary> runs = new ArrayList<>();
    store
        .list(OutputLayout.runs(output))
        .forEachRemaining(
            uri -> {
              if (Uris.fileName(uri).equals("_RUN.json")) {
                runs.add(summary(uri));
              }
            });
    runs.sort(Comparator.comparing(RunSummary::finishedAt));
    return runs;
  }

  private RunSummary summary(String uri) {
    try {
      return RunSummary.read(store.read(uri, MAX_BYTES));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(uri, "", "cannot be read: " + e.getMessage());
    }
  }

  /**
   * Checks that the folder is the output of a run.
   *
   * @throws InvalidInputException if it is not
   */
  void requireOutput() {
    if (!store.list(OutputLayout.runs(output)).hasNext()
        && !store.list(OutputLayout.images(output)).hasNext()) {
      throw new InvalidInputException(
          "--output",
          "",
          "expected a folder that a run has written to, with runs/ or images/ in it, was "
              + output);
    }
  }

  /**
   * The run with this id, or the latest run.
   *
   * @throws InvalidInputException if there is none
   */
  public RunSummary run(Optional<String> runId) {
    return runs().stream()
        .filter(run -> runId.isEmpty() || run.runId().equals(runId.get()))
        .reduce((earlier, later) -> later)
        .orElseThrow(
            () ->
                new InvalidInputException(
                    output,
                    "",
                    "expected a finished run"
                        + runId.map(id -> " with run_id=" + id).orElse("")
                        + ", found none; a run is finished when it has a _RUN.json"));
  }

  /** The table {@code metrics} of a run. */
  public Dataset<Row> metrics(RunSummary run) {
    OutputLayout layout = new OutputLayout(output, run.runDate(), run.runId());
    RowTable.prepare(spark, run.rows().total());
    return spark.read().parquet(Globs.literal(layout.metrics()));
  }

  /**
   * A choice of rows of a run.
   *
   * @param expression in Spark SQL on the columns of {@code metrics}
   * @throws InvalidInputException if it is not valid
   */
  public RowPick pick(RunSummary run, String expression) {
    return new RowPick(metrics(run), expression);
  }

  /** The rows of a run for the page, in the order of the manifest. */
  public Iterable<ReportedRow> rows(RunSummary run) {
    return MetricsTable.rows(RowTable.of(metrics(run), run.rows().total()), run.defaults());
  }
}
