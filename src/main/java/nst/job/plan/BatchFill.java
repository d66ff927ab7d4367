package nst.job.plan;

/** Says where one batch ends and the next begins. */
final class BatchFill {
  private final double length;
  private double filled;

  BatchFill(double length) {
    this.length = length;
  }

  /** Takes a row; says whether it is the first of another batch. */
  boolean startsAnother(double cost) {
    boolean full = filled > 0 && filled + cost > length;
    filled = full ? cost : filled + cost;
    return full;
  }
}
