package nst.job;

import static java.util.Comparator.comparingLong;
import static org.apache.spark.sql.functions.col;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.cost.CostRecord;
import nst.job.cost.CostTable;
import nst.job.cost.MeasuredCost;
import nst.job.executor.JobFailedException;
import nst.job.executor.Progress;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.job.page.ReportPage;
import nst.job.table.MetricsCopy;
import nst.job.table.MetricsTable;
import nst.job.table.RowTable;
import nst.model.Causes;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import nst.record.PlanFile;
import nst.record.RunSummary;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a run: writes the tables from the plan and the journal, counts the rows, and writes the
 * page.
 */
final class RunResults {
  private static final Logger LOG = LoggerFactory.getLogger(RunResults.class);

  private final RunContext context;
  private final Optional<MetricsCopy> copy;

  /**
   * @param copy the table of a catalogue that also gets the rows of {@code metrics}
   */
  RunResults(RunContext context, Optional<MetricsCopy> copy) {
    this.context = context;
    this.copy = copy;
  }

  /**
   * Writes the tables, the page, the copy and {@code _RUN.json}.
   *
   * @param progress of the tasks of this invocation
   * @param computing how long tasks ran in this invocation
   * @param requireRunning throws if the run was stopped; then another driver may have taken it over
   *     and marks it as finished
   */
  RunSummary write(
      RowTable plan,
      Networks networks,
      Progress progress,
      Duration computing,
      Runnable requireRunning) {
    RowTable journal = context.journal(plan).persisted();
    RowTable metrics =
        MetricsTable.write(
            MetricsTable.of(context.spark(), plan, journal, context.config().defaults()),
            MetricsTable.losses(context.spark(), journal),
            context.layout());
    journal.unpersist();
    RunSummary summary = report(summary(metrics, networks, progress.snapshot()), metrics);
    requireRunning.run();
    copy(plan.schema());
    writeCosts(plan, metrics, computing);
    context
        .store()
        .write(context.layout().runFile(), summary.json().getBytes(StandardCharsets.UTF_8));
    return summary;
  }

  /**
   * Writes the copy from the files of {@code metrics}, so that the lineage of the table names them.
   * It is written again where a run has finished, possibly without one.
   *
   * @param plan the columns of the plan
   */
  void copy(StructType plan) {
    copy.ifPresent(
        table ->
            table.write(
                MetricsTable.written(context.spark(), MetricsTable.schema(plan), context.layout()),
                context.options().runDate(),
                context.options().runId()));
  }

  /**
   * Writes the page. All rows are finished by then, so an error while the page is written,
   * including an OutOfMemoryError, is recorded and does not end the run.
   */
  private RunSummary report(RunSummary summary, RowTable metrics) {
    boolean watched = context.config().isWatched();
    try {
      if (!watched) { // otherwise the page of the running run stays until it is replaced
        removePage(); // an earlier attempt may have had other counts
      }
      new ReportPage(context.session().store(), context.session()::store, context.config())
          .write(
              summary, MetricsTable.rows(metrics, context.config().defaults()), Optional.empty());
      return summary;
    } catch (Exception | Error e) {
      if (watched) {
        removeWatchedPage(e);
      }
      LOG.error("Cannot write the page of the run", e);
      return summary.withoutPage(Causes.message(e));
    }
  }

  /**
   * Removes the page that says that the run is in progress.
   *
   * @param fault receives the fault if it cannot be removed; that does not end the run either
   */
  private void removeWatchedPage(Throwable fault) {
    try {
      removePage();
    } catch (RuntimeException e) {
      fault.addSuppressed(e);
    }
  }

  private void removePage() {
    context.store().delete(context.layout().page());
  }

  /**
   * Writes the measured costs for later plans. If several rows used a device at the same time,
   * nothing is written, because their times are not their costs.
   */
  private void writeCosts(RowTable plan, RowTable metrics, Duration computing) {
    if (context.config().whole(Setting.BATCH_IMAGES) > 1) {
      return;
    }
    List<MeasuredCost> measured = CostRecord.measured(plan, metrics);
    if (!measured.isEmpty()) {
      Duration driver = Duration.between(context.startedAt(), Instant.now()).minus(computing);
      CostRecord record =
          new CostRecord(
              context.layout().runId(),
              context.layout().runDate(),
              driver.toMillis() / 1000.0,
              measured);
      context.store().write(CostTable.uri(context.costFolder(), context.layout()), record.json());
    }
  }

  private RunSummary summary(RowTable metrics, Networks networks, Progress.Snapshot computed) {
    // Rows may share a device.
    RunTotals totals = RunTotals.of(metrics, context.config().whole(Setting.BATCH_IMAGES));
    RunSummary.Rows rows = rows(totals.byStatus());
    long planned =
        PlanFile.read(
                context.store().read(context.layout().planFile(), RunContext.MAX_RECORD_BYTES))
            .rows();
    if (!rows.addUp() || rows.total() != planned) {
      throw new JobFailedException(
          "Cannot account for every row: the plan has "
              + planned
              + ", the tables have "
              + totals.byStatus()
              + "; run it again");
    }
    Instant finishedAt = Instant.now();
    double wallSeconds = Duration.between(context.startedAt(), finishedAt).toMillis() / 1000.0;
    return new RunSummary(
        context.options().runId(),
        context.options().runDate().toString(),
        context.options().manifest(),
        context.options().output(),
        rows,
        totals.failures(),
        rows.failed() == 0 ? List.of() : firstFailures(metrics),
        totals.deviceSeconds(),
        totals.timings(),
        totals.devices(),
        totals.peakMemoryBytes(),
        computed.storageRetries(),
        context.session().executors(),
        computed.done() * 3600 / wallSeconds,
        wallSeconds,
        totals.deviceSeconds() / 3600 * context.config().real(Setting.PRICE_PER_HOUR),
        networks.all().stream().map(Network::recorded).toList(),
        "",
        rows.exitCode(context.config().real(Setting.MAX_FAILED_RATIO)),
        context.startedAt(),
        finishedAt,
        Versions.all(),
        context.config().entries());
  }

  private static List<RunSummary.FailedRow> firstFailures(RowTable metrics) {
    List<Row> first =
        metrics.isHeld()
            ? metrics.rows().stream()
                .filter(row -> row.getAs("status").equals(Status.FAILED.name()))
                .sorted(comparingLong(row -> row.<Long>getAs("row")))
                .limit(RunSummary.FIRST_FAILURES)
                .toList()
            : metrics
                .dataset()
                .filter(col("status").equalTo(Status.FAILED.name()))
                .orderBy("row")
                .select("id", "error_code", "error_message")
                .limit(RunSummary.FIRST_FAILURES)
                .collectAsList();
    return first.stream()
        .map(
            row ->
                new RunSummary.FailedRow(
                    row.getAs("id"), row.getAs("error_code"), row.getAs("error_message")))
        .toList();
  }

  private static RunSummary.Rows rows(Map<String, Long> byStatus) {
    long total = byStatus.values().stream().mapToLong(Long::longValue).sum();
    return new RunSummary.Rows(
        total,
        byStatus.getOrDefault(Status.OK.name(), 0L),
        byStatus.getOrDefault(Status.FAILED.name(), 0L),
        byStatus.getOrDefault(Status.SKIPPED.name(), 0L),
        byStatus.getOrDefault(Status.DUPLICATE.name(), 0L));
  }
}
