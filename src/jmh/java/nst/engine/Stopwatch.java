package nst.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Times of the same work, over and over.
 *
 * @param milliseconds least first
 */
record Stopwatch(List<Double> milliseconds) {

  /** Runs it once for nothing, then {@code repeats} times. */
  static Stopwatch of(int repeats, Runnable work) {
    work.run();
    double[] times = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      times[i] = once(work);
    }
    Arrays.sort(times);
    return new Stopwatch(Arrays.stream(times).boxed().toList());
  }

  static double once(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e6;
  }

  double least() {
    return milliseconds.get(0);
  }

  double median() {
    return milliseconds.get(milliseconds.size() / 2);
  }

  double most() {
    return milliseconds.get(milliseconds.size() - 1);
  }
}
