package nst.job.task;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import nst.model.TransferResult.Timings;

/** Where a row's time goes. It goes with the row from thread to thread: one at a time writes. */
final class RowTimes {

  /** What takes time, in the order of a row's way. */
  enum Part {
    READ,
    DECODE,
    OPTIMIZE,
    ENCODE,
    WRITE
  }

  private final Map<Part, Long> nanos = new EnumMap<>(Part.class);

  /** Does the work, and adds its time to the part's. */
  <T> T time(Part part, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      nanos.merge(part, System.nanoTime() - start, Long::sum);
    }
  }

  Timings timings() {
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
