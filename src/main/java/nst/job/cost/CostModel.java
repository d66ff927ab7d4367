package nst.job.cost;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import nst.model.Hyperparameters.Precision;
import nst.model.Setting.Device;

/**
 * Predicts the device seconds of a row before anything of it is read, from what rows like it took
 * in earlier runs.
 *
 * <p>A row's seconds are its operations times what an operation took, and what it holds the device
 * for besides. Seconds per operation fall with size, so between two measured sizes they are
 * interpolated over the logarithm of the size; beyond them the nearest stands.
 *
 * @param device what will compute
 * @param measured one entry a kind; of other devices too
 */
public record CostModel(Device device, List<MeasuredCost> measured) implements Serializable {

  /** What a prediction rests on, best first. */
  public enum Basis {
    /** Rows of the same kind and size. */
    MEASURED,
    /** Rows of the same kind at other sizes. */
    SCALED,
    /** Rows of the same arithmetic under another optimiser. */
    BORROWED,
    /** A constant of this program, which knows nothing of the device. */
    BUILT_IN
  }

  /** A prediction for one row. */
  public record Estimate(double seconds, Basis basis) implements Serializable {}

  /** Measured on one core of an AMD EPYC (Zen 5): what `benchmark forecast` begins with. */
  private static final double CPU_FLOAT32 = 6.6;

  /** Half of what data sheets of 2022 promise; not measured by this program. */
  private static final double GPU_FLOAT32 = 0.02;

  private static final double BUILT_IN_OTHER_SECONDS = 0.1;

  public CostModel {
    measured = List.copyOf(measured);
  }

  /** Knows nothing but the constants of this program. */
  public static CostModel builtIn(Device device) {
    return new CostModel(device, List.of());
  }

  /**
   * Predicts a row.
   *
   * @param precision the arithmetic that the row's own comes to on a device like this
   */
  Estimate estimate(Workload work, Precision precision) {
    List<MeasuredCost> alike = where(m -> m.arithmetic().equals(work.arithmetic()));
    List<MeasuredCost> same = alike.stream().filter(m -> m.search().equals(work.search())).toList();
    if (same.stream().anyMatch(m -> m.size() == work.size())) {
      return new Estimate(interpolated(same, work), Basis.MEASURED);
    }
    if (!same.isEmpty()) {
      return new Estimate(interpolated(same, work), Basis.SCALED);
    }
    if (!alike.isEmpty()) {
      return new Estimate(interpolated(alike, work), Basis.BORROWED);
    }
    double seconds = builtIn(precision) * work.teraflops() + BUILT_IN_OTHER_SECONDS;
    return new Estimate(seconds, Basis.BUILT_IN);
  }

  private List<MeasuredCost> where(Predicate<MeasuredCost> condition) {
    String here = device.name().toLowerCase(java.util.Locale.ROOT);
    return measured.stream().filter(m -> m.device().equals(here)).filter(condition).toList();
  }

  private static double interpolated(List<MeasuredCost> measured, Workload work) {
    TreeMap<Integer, MeasuredCost> bySize = new TreeMap<>();
    measured.forEach(m -> bySize.merge(m.size(), m, MeasuredCost::plus));
    return at(bySize, work.size(), MeasuredCost::secondsPerTeraflop) * work.teraflops()
        + at(bySize, work.size(), MeasuredCost::otherSecondsPerRow);
  }

  private static double at(
      TreeMap<Integer, MeasuredCost> bySize, int size, ToDoubleFunction<MeasuredCost> value) {
    Map.Entry<Integer, MeasuredCost> below = bySize.floorEntry(size);
    Map.Entry<Integer, MeasuredCost> above = bySize.ceilingEntry(size);
    if (below == null || above == null || below.getKey().equals(above.getKey())) {
      return value.applyAsDouble((below == null ? above : below).getValue());
    }
    double low = Math.log(below.getKey());
    double share = (Math.log(size) - low) / (Math.log(above.getKey()) - low);
    return (1 - share) * value.applyAsDouble(below.getValue())
        + share * value.applyAsDouble(above.getValue());
  }

  /** Seconds for 10^12 operations. */
  private double builtIn(Precision precision) {
    double single =
        switch (device) {
          case CPU -> CPU_FLOAT32;
          case GPU -> GPU_FLOAT32;
        };
    return switch (precision) {
      case AUTO, FLOAT32 -> single;
      case FLOAT64 -> 2 * single;
      case BFLOAT16, FLOAT16 -> single / 2;
    };
  }

  public long measuredRows() {
    return where(m -> true).stream().mapToLong(MeasuredCost::rows).sum();
  }
}
