package nst.report.row;

import java.util.Arrays;
import nst.model.TransferResult.Timings;

/** The medians of the stages' times over all computed rows. */
final class StageMedians {
  private static final int STAGES = 5;

  private int[][] millis = new int[STAGES][64];
  private int count;

  void add(Timings times) {
    if (count == millis[0].length) {
      for (int i = 0; i < STAGES; i++) {
        millis[i] = Arrays.copyOf(millis[i], 2 * count);
      }
    }
    long[] stages = {
      times.readMs(), times.decodeMs(), times.optimizeMs(), times.encodeMs(), times.writeMs()
    };
    for (int i = 0; i < STAGES; i++) {
      millis[i][count] = (int) Math.min(Integer.MAX_VALUE, stages[i]);
    }
    count++;
  }

  /** The median of each stage; zeros if nothing was added. */
  Timings medians() {
    return new Timings(median(0), median(1), median(2), median(3), median(4));
  }

  private long median(int stage) {
    int[] sorted = Arrays.copyOf(millis[stage], count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[count / 2];
  }
}
