package nst.job.cost;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import nst.engine.torch.CpuInfo;
import nst.model.Setting.Device;
import nst.model.knob.NetworkChoices.Precision;

/**
 * Predicts the device time of a row from similar rows in earlier runs, before its inputs are read.
 *
 * <p>The time of a row has a part for each operation, a part for each evaluation (calls, and
 * everything else that does not depend on the size), and the other time that the row holds the
 * device. Built-in constants give the first two. Measured rows correct them by a factor: measured
 * time over built-in time. Between two measured sizes the factor is interpolated over the logarithm
 * of the size; outside them that of the nearest measured size is used.
 *
 * @param device the device that will compute
 * @param vectors those of the CPU, for the constants of that device
 * @param measured one entry for each kind of row, also of other devices
 */
public record CostModel(Device device, Vectors vectors, List<MeasuredCost> measured)
    implements Serializable {

  /** The width of a CPU's vectors, on which its time for an operation depends most. */
  public enum Vectors {
    /** Measured on one core of an AMD EPYC (Zen 5). */
    AVX512(6.6),
    /**
     * A compromise. {@code benchmark forecast --sizes-only} took 22 on one core of a slow CPU, an
     * AMD EPYC (Zen 2) in a virtual machine; newer CPUs without AVX-512 are faster.
     */
    AVX2(16);

    /** Seconds per 10^12 operations in float32. */
    private final double float32;

    Vectors(double float32) {
      this.float32 = float32;
    }

    /** Those of this machine. The devices of a cluster may have others. */
    public static Vectors here() {
      return CpuInfo.here().hasAvx512() ? AVX512 : AVX2;
    }
  }

  /** The source of a prediction, best first. */
  public enum Basis {
    /** Rows of the same kind and size. */
    MEASURED,
    /** Rows of the same kind at other sizes. */
    SCALED,
    /** Rows with the same arithmetic but another optimiser. */
    BORROWED,
    /** A built-in constant, not calibrated for the device. */
    BUILT_IN
  }

  /** A prediction for one row. */
  public record Estimate(double seconds, Basis basis) implements Serializable {}

  /**
   * Seconds per evaluation besides its operations: on one core of a Xeon with AMX, an evaluation at
   * 32 px took 42 ms, of which the convolutions took 14. Not measured on other machines.
   */
  private static final double CPU_EVALUATION = 0.03;

  /** Seconds per 10^12 operations, at half the throughput in data sheets of 2022; not measured. */
  private static final double GPU_FLOAT32 = 0.02;

  /** Seconds per evaluation besides its operations; not measured. */
  private static final double GPU_EVALUATION = 0.005;

  private static final double BUILT_IN_OTHER_SECONDS = 0.1;

  public CostModel {
    measured = List.copyOf(measured);
  }

  /** A model with only the built-in constants, for a CPU those of {@link Vectors#AVX512}. */
  public static CostModel builtIn(Device device) {
    return new CostModel(device, Vectors.AVX512, List.of());
  }

  /**
   * Predicts a row.
   *
   * @param precision the precision that the row's setting selects on this device
   */
  Estimate estimate(Workload work, Precision precision) {
    List<MeasuredCost> alike = where(m -> m.arithmetic().equals(work.arithmetic()));
    List<MeasuredCost> same = alike.stream().filter(m -> m.search().equals(work.search())).toList();
    if (same.stream().anyMatch(m -> m.size() == work.size())) {
      return new Estimate(interpolated(same, work, precision), Basis.MEASURED);
    }
    if (!same.isEmpty()) {
      return new Estimate(interpolated(same, work, precision), Basis.SCALED);
    }
    if (!alike.isEmpty()) {
      return new Estimate(interpolated(alike, work, precision), Basis.BORROWED);
    }
    return new Estimate(builtIn(work, precision) + BUILT_IN_OTHER_SECONDS, Basis.BUILT_IN);
  }

  private List<MeasuredCost> where(Predicate<MeasuredCost> condition) {
    String here = device.name().toLowerCase(java.util.Locale.ROOT);
    return measured.stream().filter(m -> m.device().equals(here)).filter(condition).toList();
  }

  private double interpolated(List<MeasuredCost> measured, Workload work, Precision precision) {
    TreeMap<Integer, MeasuredCost> bySize = new TreeMap<>();
    measured.forEach(m -> bySize.merge(m.size(), m, MeasuredCost::plus));
    ToDoubleFunction<MeasuredCost> factor =
        m -> m.optimizeSeconds() / builtIn(m.evaluations(), m.teraflops(), precision);
    return at(bySize, work.size(), factor) * builtIn(work, precision)
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

  private double builtIn(Workload work, Precision precision) {
    return builtIn(work.evaluations(), work.teraflops(), precision);
  }

  private double builtIn(double evaluations, double teraflops, Precision precision) {
    double single =
        switch (device) {
          case CPU -> vectors.float32;
          case GPU -> GPU_FLOAT32;
        };
    double perTeraflop =
        switch (precision) {
          case AUTO, FLOAT32 -> single;
          case FLOAT64 -> 2 * single;
          case BFLOAT16, FLOAT16 -> single / 2;
        };
    double perEvaluation =
        switch (device) {
          case CPU -> CPU_EVALUATION;
          case GPU -> GPU_EVALUATION;
        };
    return evaluations * perEvaluation + teraflops * perTeraflop;
  }

  public long measuredRows() {
    return where(m -> true).stream().mapToLong(MeasuredCost::rows).sum();
  }
}
