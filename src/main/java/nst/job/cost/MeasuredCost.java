package nst.job.cost;

import java.io.Serializable;
import java.util.List;

/**
 * What the rows of one kind took in earlier runs, all together.
 *
 * @param arithmetic {@link Workload#arithmetic}
 * @param search {@link Workload#search}
 * @param size longest side, in pixels
 * @param device {@code cpu} or {@code gpu}
 * @param precision the arithmetic that took effect
 * @param rows how many there were
 * @param teraflops that the plan took them for, summed
 * @param optimizeSeconds on the device: features, targets and steps
 * @param otherSeconds that they held the device besides
 */
public record MeasuredCost(
    String arithmetic,
    String search,
    int size,
    String device,
    String precision,
    long rows,
    double teraflops,
    double optimizeSeconds,
    double otherSeconds)
    implements Serializable {

  /** The same kind of rows of two runs, as one. */
  MeasuredCost plus(MeasuredCost other) {
    return new MeasuredCost(
        arithmetic,
        search,
        size,
        device,
        precision,
        rows + other.rows,
        teraflops + other.teraflops,
        optimizeSeconds + other.optimizeSeconds,
        otherSeconds + other.otherSeconds);
  }

  /** What two runs must agree in for their rows to be of one kind. */
  List<Object> kind() {
    return List.of(arithmetic, search, size, device, precision);
  }

  double secondsPerTeraflop() {
    return optimizeSeconds / teraflops;
  }

  double otherSecondsPerRow() {
    return otherSeconds / rows;
  }
}
