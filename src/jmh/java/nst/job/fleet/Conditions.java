package nst.job.fleet;

import java.util.SplittableRandom;

/**
 * What a simulated fleet has to cope with.
 *
 * @param slow devices that are slower than the others
 * @param losses when devices are lost, and what follows
 * @param storage the limits of the object store
 * @param driver the limits of the driver
 */
record Conditions(Slow slow, Losses losses, Storage storage, Driver driver) {
  /** Equal devices that are never lost, a store and a driver that answer at once. */
  static final Conditions IDEAL =
      new Conditions(Slow.NONE, Losses.NONE, Storage.INSTANT, Driver.INSTANT);

  Conditions with(Slow other) {
    return new Conditions(other, losses, storage, driver);
  }

  Conditions with(Losses other) {
    return new Conditions(slow, other, storage, driver);
  }

  Conditions with(Storage other) {
    return new Conditions(slow, losses, other, driver);
  }

  Conditions with(Driver other) {
    return new Conditions(slow, losses, storage, other);
  }

  /**
   * Slow devices.
   *
   * @param share their share of the fleet
   * @param factor how many times as long as the others they take for a row
   */
  record Slow(double share, double factor) {
    static final Slow NONE = new Slow(0, 1);

    /** The factor of a device. The slow ones are spread evenly over the numbers. */
    double factor(int device) {
      return (long) (share * (device + 1)) > (long) (share * device) ? factor : 1;
    }
  }

  /** The times at which devices are lost. */
  interface LossTimes {
    /** The next loss of a device after a time, in seconds; infinite if there is none. */
    double after(int device, double seconds);
  }

  /**
   * Losses of devices.
   *
   * @param noticeSeconds until the driver knows of the loss and can start the batch again
   * @param replacementSeconds until another device takes the place of the lost one
   * @param foundSeconds to find the image of a row that an earlier attempt of the batch has made
   */
  record Losses(
      LossTimes times, double noticeSeconds, double replacementSeconds, double foundSeconds) {
    static final Losses NONE = new Losses((device, after) -> Double.POSITIVE_INFINITY, 0, 0, 0);

    /** Losses at random, with equal probability at any time. */
    static LossTimes random(double perDeviceHour, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      return (device, after) -> after - Math.log(1 - random.nextDouble()) * 3600 / perDeviceHour;
    }
  }

  /**
   * Limits of the object store. Requests above a rate wait.
   *
   * @param imagesPerSecond PUT requests for images
   * @param segmentsPerSecond PUT requests for the journal
   * @param putSeconds the time of a request
   * @param segmentRows {@code journal.flush_rows}
   * @param segmentSeconds {@code journal.flush_seconds}
   */
  record Storage(
      double imagesPerSecond,
      double segmentsPerSecond,
      double putSeconds,
      long segmentRows,
      double segmentSeconds) {
    static final Storage INSTANT =
        new Storage(
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            0,
            Long.MAX_VALUE,
            Double.POSITIVE_INFINITY);
  }

  /**
   * Limits of the driver.
   *
   * @param tasksPerSecond tasks that it starts and ends
   * @param rowsPerSecond messages of finished rows that it handles
   */
  record Driver(double tasksPerSecond, double rowsPerSecond) {
    static final Driver INSTANT = new Driver(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }
}
