package nst.sampledata;

/** Gradient noise (Perlin 2002) in two and three dimensions: the same for a seed everywhere. */
final class Noise {
  private final long seed;

  Noise(long seed) {
    this.seed = seed * 0x9E3779B97F4A7C15L;
  }

  /** About [-1, 1], features one unit apart. */
  double at(double x, double y) {
    return at(x, y, 0.37);
  }

  double at(double x, double y, double z) {
    int cellX = (int) Math.floor(x);
    int cellY = (int) Math.floor(y);
    int cellZ = (int) Math.floor(z);
    double dx = x - cellX;
    double dy = y - cellY;
    double dz = z - cellZ;
    double u = fade(dx);
    double v = fade(dy);
    double w = fade(dz);
    double near =
        Curves.mix(
            Curves.mix(
                corner(cellX, cellY, cellZ, dx, dy, dz),
                corner(cellX + 1, cellY, cellZ, dx - 1, dy, dz),
                u),
            Curves.mix(
                corner(cellX, cellY + 1, cellZ, dx, dy - 1, dz),
                corner(cellX + 1, cellY + 1, cellZ, dx - 1, dy - 1, dz),
                u),
            v);
    double far =
        Curves.mix(
            Curves.mix(
                corner(cellX, cellY, cellZ + 1, dx, dy, dz - 1),
                corner(cellX + 1, cellY, cellZ + 1, dx - 1, dy, dz - 1),
                u),
            Curves.mix(
                corner(cellX, cellY + 1, cellZ + 1, dx, dy - 1, dz - 1),
                corner(cellX + 1, cellY + 1, cellZ + 1, dx - 1, dy - 1, dz - 1),
                u),
            v);
    return Curves.mix(near, far, w);
  }

  /** Octaves of halving size and height, about [-1, 1]. */
  double fractal(double x, double y, int octaves) {
    double sum = 0;
    double height = 0.55;
    for (int octave = 0; octave < octaves; octave++) {
      sum += height * at(x, y, octave * 7.31);
      // Turned a little each time, so that the lattice does not show.
      double turned = 1.6 * x - 1.2 * y;
      y = 1.2 * x + 1.6 * y;
      x = turned;
      height *= 0.5;
    }
    return sum * 1.4;
  }

  /** Sharp ridges at 1, valleys towards 0 (Musgrave's ridged multifractal). */
  double ridged(double x, double y, int octaves) {
    double sum = 0;
    double height = 0.5;
    double weight = 1;
    for (int octave = 0; octave < octaves; octave++) {
      double ridge = 1 - Math.abs(at(x, y, octave * 5.17 + 0.5) * 1.5);
      ridge = Math.max(0, ridge * ridge) * weight;
      sum += ridge * height;
      weight = Curves.clamp(ridge * 1.6);
      double turned = 1.6 * x - 1.2 * y;
      y = 1.2 * x + 1.6 * y;
      x = turned;
      height *= 0.5;
    }
    return sum;
  }

  /** One value in [0, 1) for each pair of whole numbers. */
  double cell(int x, int y) {
    return (hash(x, y, 0) >>> 11) * 0x1.0p-53;
  }

  double cell(int x, int y, int z) {
    return (hash(x, y, z) >>> 11) * 0x1.0p-53;
  }

  private static double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }

  private double corner(int x, int y, int z, double dx, double dy, double dz) {
    return switch ((int) (hash(x, y, z) >>> 60)) {
      case 0, 12 -> dx + dy;
      case 1, 13 -> -dx + dy;
      case 2 -> dx - dy;
      case 3 -> -dx - dy;
      case 4 -> dx + dz;
      case 5 -> -dx + dz;
      case 6 -> dx - dz;
      case 7 -> -dx - dz;
      case 8 -> dy + dz;
      case 9, 14 -> -dy + dz;
      case 10 -> dy - dz;
      default -> -dy - dz;
    };
  }

  private long hash(int x, int y, int z) {
    long h = seed + x * 0xBF58476D1CE4E5B9L + y * 0x94D049BB133111EBL + z * 0xD6E8FEB86659FD93L;
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }
}
