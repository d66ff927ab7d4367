package nst.job.plan;

/** Decides where a new batch begins. */
final class BatchFill {
  private final double length;
  private double filled;

  BatchFill(double length) {
    this.length = length;
  }

  /** Adds a row; returns whether it begins a new batch. */
  boolean startsAnother(double cost) {
    boolean full = filled > 0 && filled + cost > length;
    filled = full ? cost : filled + cost;
    return full;
  }
}
