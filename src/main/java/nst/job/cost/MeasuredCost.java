package nst.job.cost;

import java.io.Serializable;
import java.util.List;

/**
 * The total measured cost of all rows of one kind.
 *
 * @param arithmetic {@link Workload#arithmetic}
 * @param search {@link Workload#search}
 * @param size longest side, in pixels
 * @param device {@code cpu} or {@code gpu}
 * @param precision the precision that was used
 * @param rows the number of rows
 * @param evaluations the sum of their evaluations as predicted by the plan
 * @param teraflops the sum of their operations as predicted by the plan, in 10^12
 * @param optimizeSeconds the time for features, targets and steps on the device
 * @param otherSeconds the other time that they held the device
 */
public record MeasuredCost(
    String arithmetic,
    String search,
    int size,
    String device,
    String precision,
    long rows,
    double evaluations,
    double teraflops,
    double optimizeSeconds,
    double otherSeconds)
    implements Serializable {

  /** The sum of two costs of the same kind. */
  MeasuredCost plus(MeasuredCost other) {
    return new MeasuredCost(
        arithmetic,
        search,
        size,
        device,
        precision,
        rows + other.rows,
        evaluations + other.evaluations,
        teraflops + other.teraflops,
        optimizeSeconds + other.optimizeSeconds,
        otherSeconds + other.otherSeconds);
  }

  /** The same costs; the rounding of times can make the other time negative. */
  MeasuredCost withoutNegative() {
    return new MeasuredCost(
        arithmetic,
        search,
        size,
        device,
        precision,
        rows,
        evaluations,
        teraflops,
        optimizeSeconds,
        Math.max(0, otherSeconds));
  }

  /** The values that identify a kind of row. */
  List<Object> kind() {
    return List.of(arithmetic, search, size, device, precision);
  }

  double otherSecondsPerRow() {
    return otherSeconds / rows;
  }
}
