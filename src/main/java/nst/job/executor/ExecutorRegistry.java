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
import nst.concurrent.Threads;
import nst.record.ExecutorReport;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's list of executors and their engines. Spark restarts failing executors indefinitely,
 * and waits indefinitely for executors that never start. This class ends the application with a
 * message instead.
 *
 * <p>Before the first row is finished, any executor without its device ends the application. After
 * that, such an executor indicates one faulty node: the others continue, and the application ends
 * only if no executor has an engine.
 */
public final class ExecutorRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorRegistry.class);

  private final String shape;
  private final Duration wait;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("executor-registry"));
  private final List<ExecutorReport.Ready> reported = new ArrayList<>();
  private final TreeSet<String> alive = new TreeSet<>();
  private boolean rowsDone;
  private long aloneSinceNanos = System.nanoTime();
  private Optional<String> end = Optional.empty();
  private Runnable stop = () -> {};
  private Optional<ScheduledFuture<?>> checking = Optional.empty();

  /**
   * Creates an empty list.
   *
   * @param shape a description of the requested executors, for messages
   * @param wait how long the application may be without any engine
   */
  ExecutorRegistry(String shape, Duration wait) {
    this.shape = shape;
    this.wait = wait;
  }

  /** Describes the executors that this configuration requests, for messages. */
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
   * Starts to check regularly whether there are executors.
   *
   * @param stop ends the application; called at most once, on a separate thread
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

  /** Adds a report of an executor without its device, which may have been ready before. */
  synchronized void add(ExecutorReport.Unfit report) {
    lost(report.executorId());
    String words =
        "executor "
            + report.executorId()
            + " on "
            + report.host()
            + " cannot load its engine: "
            + report.words();
    if (rowsDone && !alive.isEmpty()) {
      LOG.warn("Continuing with {} executors, but {}", alive.size(), words);
    } else {
      end(words);
    }
  }

  /** Records that a row was finished, which ends the start-up phase. */
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
              + " s. Each was requested with "
              + shape
              + ". Check that the cluster offers this, or increase executors.wait_seconds");
    }
  }

  private void end(String words) {
    if (end.isEmpty() && !clock.isShutdown()) {
      end = Optional.of(words);
      clock.execute(stop);
    }
  }

  /** Why the application was ended; empty while it is running. */
  synchronized Optional<String> end() {
    return end;
  }

  /** All executors that have loaded their engine, in the order of their reports. */
  synchronized List<ExecutorReport.Ready> reported() {
    return List.copyOf(reported);
  }

  @Override
  public synchronized void close() {
    checking.ifPresent(future -> future.cancel(false));
    clock.shutdown();
  }
}
