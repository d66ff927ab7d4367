package nst.job.cost;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * The predicted batches of a run, and when it would be over.
 *
 * @param batchSeconds the predicted device seconds of each batch
 * @param otherSeconds the time of the driver and of trainings, which more devices do not shorten
 */
public record BatchSchedule(List<Double> batchSeconds, double otherSeconds) {
  public BatchSchedule {
    batchSeconds = batchSeconds.stream().sorted(Comparator.reverseOrder()).toList();
  }

  /**
   * The seconds until the last device is done, if each takes the most expensive remaining batch
   * when it is free, plus the time of the driver.
   */
  public double makespan(int devices) {
    PriorityQueue<Double> freeAt = new PriorityQueue<>();
    for (int device = 0; device < devices; device++) {
      freeAt.add(0.0);
    }
    double last = 0;
    for (double seconds : batchSeconds) {
      double done = freeAt.remove() + seconds;
      freeAt.add(done);
      last = Math.max(last, done);
    }
    return last + otherSeconds;
  }

  /** The least number of devices that finish in a time; empty if no number does. */
  public OptionalInt devicesWithin(double seconds) {
    int most = Math.max(1, batchSeconds.size()); // more would be idle
    if (makespan(most) > seconds) {
      return OptionalInt.empty();
    }
    int tooFew = 0;
    int enough = most;
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) >>> 1;
      if (makespan(middle) > seconds) {
        tooFew = middle;
      } else {
        enough = middle;
      }
    }
    return OptionalInt.of(enough);
  }
}
