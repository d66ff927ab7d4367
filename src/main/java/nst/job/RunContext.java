package nst.job;

import java.time.Duration;
import java.time.Instant;
import nst.job.cost.CostTable;
import nst.job.executor.Session;
import nst.job.table.Journal;
import nst.job.table.RowTable;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.TimedObjectStore;
import org.apache.spark.sql.SparkSession;

/**
 * The values that all steps of a run use.
 *
 * @param store with a deadline for each object
 */
record RunContext(
    Session session,
    RunOptions options,
    ObjectStore store,
    OutputLayout layout,
    Instant startedAt) {

  /** The largest {@code _PLAN.json} or {@code _RUN.json}. */
  static final long MAX_RECORD_BYTES = 16L << 20;

  static RunContext of(Session session, RunOptions options) {
    return new RunContext(
        session,
        options,
        new TimedObjectStore(
            session.store(), Duration.ofSeconds(options.config().whole(Setting.OBJECT_SECONDS))),
        new OutputLayout(options.output(), options.runDate().toString(), options.runId()),
        Instant.now());
  }

  SparkSession spark() {
    return session.spark();
  }

  RunConfig config() {
    return options.config();
  }

  /** The same context with another configuration. */
  RunContext with(RunConfig config) {
    return new RunContext(session, options.with(config), store, layout, startedAt);
  }

  /** The final result of each key of the plan that has one. */
  RowTable journal(RowTable plan) {
    long rows = plan.isHeld() ? plan.rows().size() : Long.MAX_VALUE;
    return Journal.read(spark(), store, layout, rows);
  }

  /** The folder of measured costs. */
  String costFolder() {
    return CostTable.folder(config(), layout);
  }
}
