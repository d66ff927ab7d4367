package nst.job.input;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import nst.model.TransferResult.Timings;

/**
 * Measures the time spent in each part of a row. It is passed from thread to thread with the row;
 * only one thread uses it at a time.
 */
public final class RowTimes {

  /** The parts that are measured, in the order of processing. */
  public enum Part {
    READ,
    DECODE,
    OPTIMIZE,
    ENCODE,
    WRITE
  }

  private final Map<Part, Long> nanos = new EnumMap<>(Part.class);

  /** Runs the work and adds its duration to the part. */
  public <T> T time(Part part, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      nanos.merge(part, System.nanoTime() - start, Long::sum);
    }
  }

  /** The measured times. */
  public Timings timings() {
    return new Timings(
        millis(Part.READ),
        millis(Part.DECODE),
        millis(Part.OPTIMIZE),
        millis(Part.ENCODE),
        millis(Part.WRITE));
  }

  private long millis(Part part) {
    return nanos.getOrDefault(part, 0L) / 1_000_000;
  }
}
