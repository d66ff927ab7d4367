package nst.engine;

import java.util.Random;

/**
 * Random filters whose rows are orthonormal, times the gain sqrt 2 that a ReLU asks for (Saxe et
 * al. 2014): an untrained network that keeps the length of what flows through it.
 *
 * <p>Gram-Schmidt on a 512 x 4608 matrix takes seconds for each layer. Kac's random walk is faster:
 * rotate random pairs of coordinates by random angles, n log n of them, and any orthonormal frame
 * has become a random one. Same bits on every machine: {@link Random}, {@link StrictMath} and
 * strict double arithmetic, rounded to float once at the end.
 */
final class SeededOrthogonal {
  private static final double GAIN = StrictMath.sqrt(2);

  /** Rounds beyond log2(n); in a round every coordinate is rotated once. */
  private static final int EXTRA_ROUNDS = 12;

  private SeededOrthogonal() {}

  /**
   * Filters of a convolution.
   *
   * @param seed one for each tensor
   * @return (outChannels, inChannels / groups, kernel, kernel), row by row
   */
  static float[] filters(Architecture.Convolution convolution, long seed) {
    Random random = new Random(seed);
    int groups = convolution.groups();
    int rows = convolution.outChannels() / groups;
    int columns = convolution.inChannels() / groups * convolution.kernel() * convolution.kernel();
    float[] filters = new float[groups * rows * columns];
    for (int group = 0; group < groups; group++) {
      fill(filters, group * rows * columns, rows, columns, random);
    }
    return filters;
  }

  /** A (rows, columns) block: its shorter side's vectors are orthonormal. */
  private static void fill(float[] target, int offset, int rows, int columns, Random random) {
    int frame = Math.min(rows, columns);
    double[][] coordinates = rotatedFrame(Math.max(rows, columns), frame, random);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double value = rows <= columns ? coordinates[column][row] : coordinates[row][column];
        target[offset + row * columns + column] = (float) (GAIN * value);
      }
    }
  }

  /** {@code frame} orthonormal vectors in {@code n} dimensions, as (n, frame). */
  private static double[][] rotatedFrame(int n, int frame, Random random) {
    double[][] coordinates = new double[n][frame];
    for (int i = 0; i < frame; i++) {
      coordinates[i][i] = 1;
    }
    int rounds = EXTRA_ROUNDS + 32 - Integer.numberOfLeadingZeros(n);
    for (int round = 0; round < rounds; round++) {
      shuffle(coordinates, random);
      for (int pair = 0; pair + 1 < n; pair += 2) {
        rotate(coordinates[pair], coordinates[pair + 1], random.nextDouble() * 2 * Math.PI);
      }
    }
    return coordinates;
  }

  private static void shuffle(double[][] coordinates, Random random) {
    for (int i = coordinates.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double[] swapped = coordinates[i];
      coordinates[i] = coordinates[j];
      coordinates[j] = swapped;
    }
  }

  private static void rotate(double[] a, double[] b, double angle) {
    double cosine = StrictMath.cos(angle);
    double sine = StrictMath.sin(angle);
    for (int i = 0; i < a.length; i++) {
      double p = a[i];
      double q = b[i];
      a[i] = cosine * p - sine * q;
      b[i] = sine * p + cosine * q;
    }
  }
}
