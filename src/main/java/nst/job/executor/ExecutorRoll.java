package nst.job.executor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import nst.record.ExecutorReport;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's roll of executors and their engines. Spark starts an executor that died again, for
 * ever, and waits for one that never comes, for ever; this ends the application with words instead.
 *
 * <p>At the start any executor without its device ends it. Once rows are being finished, an
 * executor that comes back unfit is a sick node among sound ones: the others go on, and only when
 * none is left with an engine does the application end.
 */
public final class ExecutorRoll implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorRoll.class);

  private final String shape;
  private final Duration wait;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "executor-roll");
            thread.setDaemon(true);
            return thread;
          });
  private final List<ExecutorReport.Ready> reported = new ArrayList<>();
  private final TreeSet<String> alive = new TreeSet<>();
  private boolean rowsDone;
  private long aloneSinceNanos = System.nanoTime();
  private Optional<String> end = Optional.empty();
  private Runnable stop = () -> {};
  private Optional<ScheduledFuture<?>> checking = Optional.empty();

  /**
   * An empty roll.
   *
   * @param shape what each executor was asked to have, in words
   * @param wait how long the application may be without any engine
   */
  ExecutorRoll(String shape, Duration wait) {
    this.shape = shape;
    this.wait = wait;
  }

  /** What this configuration asks an executor to have, in words. */
  public static String shape(EngineConfig engine, SparkConf conf) {
    return engine.asked()
        + ", "
        + conf.get("spark.executor.resource.gpu.amount", "0")
        + " GPU, "
        + conf.get("spark.executor.cores", "all")
        + " cores and "
        + conf.get("spark.executor.memory", "1g")
        + " on "
        + conf.get("spark.master");
  }

  /**
   * Begins to watch.
   *
   * @param stop ends the application; called once at most, from a thread of the roll's own
   */
  synchronized void watch(Runnable stop) {
    this.stop = stop;
    long period = Math.max(100, Math.min(5_000, wait.toMillis() / 10));
    checking =
        Optional.of(
            clock.scheduleAtFixedRate(this::checkWait, period, period, TimeUnit.MILLISECONDS));
  }

  synchronized void add(ExecutorReport.Ready report) {
    LOG.info("Executor has its engine: {}", report);
    reported.add(report);
    alive.add(report.executorId());
  }

  synchronized void add(ExecutorReport.Unfit report) {
    String words =
        "executor "
            + report.executorId()
            + " on "
            + report.host()
            + " cannot load its engine: "
            + report.words();
    if (rowsDone && !alive.isEmpty()) {
      LOG.warn("Going on with {} executors, but {}", alive.size(), words);
    } else {
      end(words);
    }
  }

  /** A row was finished: the start is over. */
  synchronized void rowDone() {
    rowsDone = true;
  }

  synchronized void lost(String executorId) {
    if (alive.remove(executorId) && alive.isEmpty()) {
      aloneSinceNanos = System.nanoTime();
    }
  }

  private synchronized void checkWait() {
    if (alive.isEmpty() && System.nanoTime() - aloneSinceNanos > wait.toNanos()) {
      end(
          "no executor with an engine for "
              + wait.toSeconds()
              + " s. Each was asked to have "
              + shape
              + ": compare with what the cluster offers, or raise executors.wait_seconds");
    }
  }

  private void end(String words) {
    if (end.isEmpty() && !clock.isShutdown()) {
      end = Optional.of(words);
      clock.execute(stop);
    }
  }

  /** Why the application was ended; empty while it goes on. */
  synchronized Optional<String> end() {
    return end;
  }

  /** Every executor that came with its engine, in that order. */
  synchronized List<ExecutorReport.Ready> reported() {
    return List.copyOf(reported);
  }

  @Override
  public synchronized void close() {
    checking.ifPresent(future -> future.cancel(false));
    clock.shutdown();
  }
}
