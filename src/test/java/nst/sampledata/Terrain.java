package nst.sampledata;

/** A landscape as heights over a square grid, and rays that meet it. */
final class Terrain {
  private static final double STEP_SHARE = 0.35; // of the height above ground: slopes are steep

  private final int cells;
  private final double left;
  private final double near;
  private final double extent;
  private final float[] heights;

  /** The height of the ground at a place. */
  interface Ground {
    double at(double x, double z);
  }

  Terrain(Ground ground, double left, double near, double extent, int cells) {
    this.left = left;
    this.near = near;
    this.extent = extent;
    this.cells = cells;
    this.heights = new float[cells * cells];
    for (int row = 0; row < cells; row++) {
      for (int column = 0; column < cells; column++) {
        heights[row * cells + column] =
            (float)
                ground.at(
                    left + extent * column / (cells - 1.0), near + extent * row / (cells - 1.0));
      }
    }
  }

  double height(double x, double z) {
    double column = Math.min(cells - 1.001, Math.max(0, (x - left) / extent * (cells - 1)));
    double row = Math.min(cells - 1.001, Math.max(0, (z - near) / extent * (cells - 1)));
    int i = ((int) row) * cells + (int) column;
    double u = column - (int) column;
    double v = row - (int) row;
    return Curves.mix(
        Curves.mix(heights[i], heights[i + 1], u),
        Curves.mix(heights[i + cells], heights[i + cells + 1], u),
        v);
  }

  Vector normal(double x, double z, double reach) {
    double slopeX = height(x + reach, z) - height(x - reach, z);
    double slopeZ = height(x, z + reach) - height(x, z - reach);
    return new Vector(-slopeX, 2 * reach, -slopeZ).unit();
  }

  /** How far along the ray the ground lies; infinite where it meets none before {@code end}. */
  double distance(Vector from, Vector direction, double start, double end, double ceiling) {
    double t = start;
    double before = start;
    while (t < end) {
      double y = from.y() + t * direction.y();
      if (y > ceiling && direction.y() > 0) {
        return Double.POSITIVE_INFINITY;
      }
      double above = y - height(from.x() + t * direction.x(), from.z() + t * direction.z());
      if (above < 0.0004 * t) {
        return refined(from, direction, before, t);
      }
      before = t;
      t += Math.max(0.003 * t, STEP_SHARE * above);
    }
    return Double.POSITIVE_INFINITY;
  }

  private double refined(Vector from, Vector direction, double above, double below) {
    for (int i = 0; i < 8; i++) {
      double middle = (above + below) / 2;
      Vector place = from.plus(direction.times(middle));
      if (place.y() > height(place.x(), place.z())) {
        above = middle;
      } else {
        below = middle;
      }
    }
    return below;
  }

  /** The share of a sun of some width that is to be seen from a place. */
  double sunlight(Vector place, Vector sun, double reach, double softness) {
    double share = 1;
    double t = 0.02;
    while (t < reach && share > 0) {
      double above =
          place.y() + t * sun.y() - height(place.x() + t * sun.x(), place.z() + t * sun.z());
      share = Math.min(share, above / (softness * t) + 0.5);
      t += Math.max(0.015, 0.4 * Math.abs(above));
    }
    return Curves.clamp(share);
  }
}
