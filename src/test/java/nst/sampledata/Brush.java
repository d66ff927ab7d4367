package nst.sampledata;

import java.util.SplittableRandom;

/** A bristle brush: it follows a field of directions and leaves furrows of thick paint. */
final class Brush {
  private static final int BRISTLES_PER_PIXEL = 2;

  private final Canvas canvas;
  private final SplittableRandom random;

  /** The direction of a stroke at a place, in radians. */
  interface Flow {
    double at(double x, double y);
  }

  Brush(Canvas canvas, long seed) {
    this.canvas = canvas;
    this.random = new SplittableRandom(seed);
  }

  /**
   * One stroke about a place.
   *
   * @param length in pixels
   * @param breadth in pixels
   */
  void stroke(double x, double y, double length, double breadth, Flow flow, Light paint) {
    int steps = (int) Math.ceil(length / 0.7);
    double[] bristleTone = new double[(int) Math.ceil(breadth * BRISTLES_PER_PIXEL) + 1];
    double[] bristleHeight = new double[bristleTone.length];
    double tone = 0;
    for (int i = 0; i < bristleTone.length; i++) {
      tone = 0.6 * tone + (random.nextDouble() - 0.5) * 0.30;
      bristleTone[i] = 1 + tone;
      bristleHeight[i] = 0.55 + 0.45 * random.nextDouble();
    }
    double px = x;
    double py = y;
    for (int i = 0; i < steps / 2; i++) { // back to where the stroke begins
      double angle = flow.at(px, py);
      px -= 0.7 * Math.cos(angle);
      py -= 0.7 * Math.sin(angle);
    }
    for (int i = 0; i < steps; i++) {
      double angle = flow.at(px, py);
      double along = i / (double) steps;
      double pressure = Curves.smooth(0, 0.12, along) * Curves.smooth(1.05, 0.72, along);
      double half = breadth / 2 * (0.45 + 0.55 * pressure);
      for (int b = 0; b < bristleTone.length; b++) {
        double across = (b / (bristleTone.length - 1.0) * 2 - 1) * half;
        double dry = along > 0.6 && bristleHeight[b] < 0.55 + 0.55 * (along - 0.6) ? 0.25 : 1;
        int column = (int) Math.floor(px - across * Math.sin(angle));
        int row = (int) Math.floor(py + across * Math.cos(angle));
        double rim = 1 - Math.pow(Math.abs(across) / (half + 0.01), 4);
        double opacity = 0.75 * dry * Math.min(1, pressure * 1.5) * (0.35 + 0.65 * rim);
        canvas.cover(column, row, paint.times(bristleTone[b]), opacity);
        double edge = 1 + 0.5 * Curves.bell(Math.abs(across) - half * 0.85, half * 0.18);
        canvas.pile(
            column, row, bristleHeight[b] * edge * Math.min(2.2, 0.6 + breadth * 0.14), opacity);
      }
      px += 0.7 * Math.cos(angle);
      py += 0.7 * Math.sin(angle);
    }
  }
}
