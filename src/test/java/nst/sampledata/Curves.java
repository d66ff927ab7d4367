package nst.sampledata;

/** The curves that every picture is made of. */
final class Curves {
  private Curves() {}

  static double clamp(double value) {
    return Math.min(1, Math.max(0, value));
  }

  /** 0 up to {@code from}, 1 from {@code to} on, smooth between; {@code from} may be the larger. */
  static double smooth(double from, double to, double value) {
    double t = clamp((value - from) / (to - from));
    return t * t * (3 - 2 * t);
  }

  static double mix(double a, double b, double share) {
    return a + (b - a) * share;
  }

  static double fraction(double value) {
    return value - Math.floor(value);
  }

  /** A bell of height 1 and the given deviation. */
  static double bell(double distance, double deviation) {
    double d = distance / deviation;
    return StrictMath.exp(-0.5 * d * d);
  }
}
