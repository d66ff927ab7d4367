package nst.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Times of repeated work.
 *
 * @param milliseconds in ascending order
 */
record Stopwatch(List<Double> milliseconds) {

  /** Runs the work once without measuring, then {@code repeats} times, by elapsed time. */
  static Stopwatch of(int repeats, Runnable work) {
    return of(Clock.WALL, repeats, work);
  }

  /** Runs the work once without measuring, then {@code repeats} times. */
  static Stopwatch of(Clock clock, int repeats, Runnable work) {
    work.run();
    double[] times = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      times[i] = once(clock, work);
    }
    Arrays.sort(times);
    return new Stopwatch(Arrays.stream(times).boxed().toList());
  }

  /** Combines several series of times. */
  static Stopwatch together(List<Stopwatch> some) {
    return new Stopwatch(
        some.stream().flatMap(one -> one.milliseconds().stream()).sorted().toList());
  }

  static double once(Clock clock, Runnable work) {
    long began = clock.nanos();
    work.run();
    return (clock.nanos() - began) / 1e6;
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
