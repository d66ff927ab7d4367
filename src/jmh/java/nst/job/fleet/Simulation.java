package nst.job.fleet;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Simulates the devices of a run. Batches are those of the planner. Without disturbances, the
 * result is {@code BatchSchedule.makespan}.
 *
 * <p>A free device takes a batch that was lost, or else the one with the highest prediction (as
 * {@code Dispatch} and Spark do). While a row is on the device, the row before it is stored; if
 * storing takes longer, the device waits ({@code RowPipeline}). A lost device loses these two rows.
 * The next attempt of the batch finds the images of the others.
 */
final class Simulation {
  /**
   * A batch.
   *
   * @param predictedSeconds as predicted by the plan
   * @param rowSeconds how long each row takes on a device of normal speed
   */
  @SuppressWarnings("ArrayRecordComponent") // millions of rows, never compared
  record Batch(double predictedSeconds, double[] rowSeconds) {
    double seconds() {
      return Arrays.stream(rowSeconds).sum();
    }
  }

  /**
   * The result.
   *
   * @param makespan the seconds until the last row is stored
   * @param ideal the seconds if the work could be divided at will, without losses
   * @param lostShare device seconds of rows that were lost, and of finding the other rows of their
   *     batch, divided by the device seconds of all rows
   * @param losses the number of losses of devices with a batch
   * @param attempts the highest number of attempts of a batch
   * @param waited device seconds of waiting for the storage
   * @param puts PUT requests
   * @param rows finished rows of which the driver was told
   * @param driverBehind the longest time in seconds from a message to its handling
   */
  record Outcome(
      double makespan,
      double ideal,
      double lostShare,
      int losses,
      int attempts,
      double waited,
      long puts,
      long rows,
      double driverBehind) {
    double overIdeal() {
      return makespan / ideal;
    }
  }

  private enum Event {
    /** The device is free. */
    FREE,
    /** The device is done with a row. */
    ROW_OVER,
    /** The last row is stored. */
    BATCH_OVER,
    LOST,
    /** The driver knows of the loss. */
    NOTICED
  }

  /** Serves requests at a limited rate, in the order in which they are made. */
  private static final class Server {
    private final double secondsEach;
    private double free;

    Server(double perSecond) {
      this.secondsEach = 1 / perSecond;
    }

    /** Returns when the request is served. */
    double serve(double at) {
      if (secondsEach == 0) {
        return at;
      }
      free = Math.max(at, free) + secondsEach;
      return free;
    }
  }

  private record Retry(int batch, int firstRow) {}

  private static final int NONE = -1;

  private final List<Batch> batches;
  private final Conditions conditions;
  private final int devices;
  private final double[] factor; // of a row's time
  private final DeviceQueue queue;
  private final Server images;
  private final Server segments;
  private final Server starts;
  private final Server messages;

  private final Event[] event;
  private final double[] nextLoss;
  private final int[] batchOf;
  private final int[] rowOf;
  private final double[] rowBegan;
  private final double[] rowEnds; // without waiting for the storage
  private final double[] stored; // when the row before is stored
  private final long[] unwritten; // records that are not in the journal
  private final double[] oldest;

  private final int[] attempts;
  private final Deque<Retry> retries = new ArrayDeque<>();
  private final Deque<Integer> idle = new ArrayDeque<>();
  private int nextBatch;
  private int over;
  private double makespan;
  private double lostSeconds;
  private int losses;
  private double waited;
  private long puts;
  private long rows;
  private double driverBehind;

  private Simulation(List<Batch> batches, int devices, Conditions conditions) {
    this.batches =
        batches.stream()
            .sorted(Comparator.comparingDouble(Batch::predictedSeconds).reversed())
            .toList();
    this.devices = devices;
    this.conditions = conditions;
    this.factor = IntStream.range(0, devices).mapToDouble(conditions.slow()::factor).toArray();
    this.queue = new DeviceQueue(devices);
    this.images = new Server(conditions.storage().imagesPerSecond());
    this.segments = new Server(conditions.storage().segmentsPerSecond());
    this.starts = new Server(conditions.driver().tasksPerSecond());
    this.messages = new Server(conditions.driver().rowsPerSecond());
    this.event = new Event[devices];
    this.nextLoss = new double[devices];
    this.batchOf = new int[devices];
    this.rowOf = new int[devices];
    this.rowBegan = new double[devices];
    this.rowEnds = new double[devices];
    this.stored = new double[devices];
    this.unwritten = new long[devices];
    this.oldest = new double[devices];
    this.attempts = new int[batches.size()];
  }

  /** Runs all batches on equal devices. */
  static Outcome of(List<Batch> batches, int devices, Conditions conditions) {
    return new Simulation(batches, devices, conditions).run();
  }

  private Outcome run() {
    for (int device = 0; device < devices; device++) {
      nextLoss[device] = conditions.losses().times().after(device, 0);
      schedule(device, 0, Event.FREE);
    }
    while (!queue.isEmpty()) {
      int device = queue.remove();
      double now = queue.time(device);
      switch (event[device]) {
        case FREE -> take(device, now);
        case ROW_OVER -> rowOver(device, now);
        case BATCH_OVER -> batchOver(device, now);
        case LOST -> lost(device, now);
        case NOTICED -> noticed(device, now);
      }
    }
    if (over != batches.size()) {
      throw new IllegalStateException(over + " of " + batches.size() + " batches are over");
    }
    double seconds = batches.stream().mapToDouble(Batch::seconds).sum();
    double speeds = Arrays.stream(factor).map(each -> 1 / each).sum();
    return new Outcome(
        makespan,
        seconds / speeds,
        lostSeconds / seconds,
        losses,
        Arrays.stream(attempts).max().orElse(0),
        waited,
        puts,
        rows,
        driverBehind);
  }

  private void schedule(int device, double at, Event next) {
    event[device] = next;
    queue.add(device, at);
  }

  /** Schedules an event of a device that works, unless it is lost before. */
  private void work(int device, double until, Event next) {
    if (nextLoss[device] < until) {
      schedule(device, nextLoss[device], Event.LOST);
    } else {
      schedule(device, until, next);
    }
  }

  private void take(int device, double now) {
    if (retries.isEmpty() && nextBatch == batches.size()) {
      idle.push(device);
      return;
    }
    Retry batch = retries.isEmpty() ? new Retry(nextBatch++, 0) : retries.pop();
    if (nextLoss[device] <= now) { // it was lost and replaced while it was idle
      nextLoss[device] = conditions.losses().times().after(device, now);
    }
    attempts[batch.batch()]++;
    double finding = batch.firstRow() * conditions.losses().foundSeconds();
    lostSeconds += finding;
    batchOf[device] = batch.batch();
    rowOf[device] = batch.firstRow();
    unwritten[device] = 0;
    double start = starts.serve(now) + finding;
    stored[device] = start;
    beginRow(device, start);
  }

  private void beginRow(int device, double now) {
    rowBegan[device] = now;
    rowEnds[device] = now + rowSeconds(device)[rowOf[device]] * factor[device];
    work(device, Math.max(rowEnds[device], stored[device]), Event.ROW_OVER);
  }

  private double[] rowSeconds(int device) {
    return batches.get(batchOf[device]).rowSeconds();
  }

  private void rowOver(int device, double now) {
    waited += now - rowEnds[device];
    double at = put(images, now);
    if (unwritten[device]++ == 0) {
      oldest[device] = at;
    }
    boolean isLast = rowOf[device] == rowSeconds(device).length - 1;
    Conditions.Storage storage = conditions.storage();
    if (isLast
        || unwritten[device] >= storage.segmentRows()
        || at - oldest[device] >= storage.segmentSeconds()) {
      at = put(segments, at);
      unwritten[device] = 0;
    }
    stored[device] = at;
    rows++;
    driverBehind = Math.max(driverBehind, messages.serve(at) - at);
    rowOf[device]++;
    if (isLast) {
      work(device, at, Event.BATCH_OVER);
    } else {
      beginRow(device, now);
    }
  }

  private double put(Server server, double now) {
    puts++;
    return server.serve(now) + conditions.storage().putSeconds();
  }

  private void batchOver(int device, double now) {
    makespan = Math.max(makespan, now);
    over++;
    batchOf[device] = NONE;
    take(device, now);
  }

  private void lost(int device, double now) {
    double[] seconds = rowSeconds(device);
    losses++;
    if (rowOf[device] < seconds.length) {
      lostSeconds += Math.max(0, Math.min(now, rowEnds[device]) - rowBegan[device]);
    }
    if (now < stored[device] && rowOf[device] > 0 && isBehind(device, now)) {
      rowOf[device]--;
      lostSeconds += seconds[rowOf[device]] * factor[device];
    }
    nextLoss[device] = Double.POSITIVE_INFINITY; // drawn again when the device is replaced
    schedule(device, now + conditions.losses().noticeSeconds(), Event.NOTICED);
  }

  /** Whether the row before is still being stored; false while the batch has not begun. */
  private boolean isBehind(int device, double now) {
    return rowOf[device] == rowSeconds(device).length || rowBegan[device] <= now;
  }

  private void noticed(int device, double now) {
    retries.push(new Retry(batchOf[device], rowOf[device]));
    batchOf[device] = NONE;
    if (!idle.isEmpty()) {
      schedule(idle.pop(), now, Event.FREE);
    }
    Conditions.Losses after = conditions.losses();
    double replaced = now + Math.max(0, after.replacementSeconds() - after.noticeSeconds());
    nextLoss[device] = after.times().after(device, replaced);
    schedule(device, replaced, Event.FREE);
  }
}
