package nst.engine.network;

import java.util.Random;

/**
 * Random filters with orthonormal rows, multiplied by the gain sqrt 2 for a ReLU (Saxe et al.
 * 2014). An untrained network with these filters preserves the length of its input.
 *
 * <p>Gram-Schmidt on a 512 x 4608 matrix is slow. A random walk over rotations (Kac 1956) is
 * faster: it pairs all coordinates at random and rotates each pair by 45 degrees in one of the two
 * directions. Every round halves the difference of an entry's distribution from the normal one, so
 * a few more than log2(n) rounds make any orthonormal frame random. The bits are the same on every
 * machine, because it uses {@link Random} and double arithmetic and rounds to float once at the
 * end.
 */
final class SeededOrthogonal {
  private static final double GAIN = StrictMath.sqrt(2);

  /** The number of rounds in addition to log2(n). Each round rotates every coordinate once. */
  private static final int EXTRA_ROUNDS = 8;

  /** The number of vectors that are rotated together; few enough for the cache of a core. */
  private static final int BLOCK = 64;

  private static final double HALF_ROOT = StrictMath.sqrt(0.5);

  private SeededOrthogonal() {}

  /**
   * The filters of a convolution.
   *
   * @param seed another one for each tensor
   * @return (outChannels, inChannels / groups, kernel, kernel), row by row
   */
  static float[] filters(Architecture.Convolution convolution, long seed) {
    Random seeds = new Random(seed); // one for each group
    int groups = convolution.groups();
    int rows = convolution.outChannels() / groups;
    int columns = convolution.inChannels() / groups * convolution.kernel() * convolution.kernel();
    float[] filters = new float[groups * rows * columns];
    for (int group = 0; group < groups; group++) {
      fill(filters, group * rows * columns, rows, columns, seeds.nextLong());
    }
    return filters;
  }

  /** A (rows, columns) block. The vectors along its shorter side are orthonormal. */
  private static void fill(float[] target, int offset, int rows, int columns, long seed) {
    int vectors = Math.min(rows, columns);
    int n = Math.max(rows, columns);
    for (int first = 0; first < vectors; first += BLOCK) {
      double[][] turned = turned(n, first, Math.min(BLOCK, vectors - first), seed);
      for (int i = 0; i < n; i++) {
        for (int vector = 0; vector < turned[i].length; vector++) {
          int place =
              rows <= columns ? (first + vector) * columns + i : i * columns + first + vector;
          target[offset + place] = (float) (GAIN * turned[i][vector]);
        }
      }
    }
  }

  /** Unit vectors in {@code n} dimensions after the rotations of the seed, as (n, count). */
  private static double[][] turned(int n, int first, int count, long seed) {
    Random random = new Random(seed);
    double[][] coordinates = new double[n][count];
    for (int i = 0; i < count; i++) {
      coordinates[first + i][i] = 1;
    }
    int rounds = EXTRA_ROUNDS + Integer.SIZE - Integer.numberOfLeadingZeros(n);
    for (int round = 0; round < rounds; round++) {
      shuffle(coordinates, random);
      for (int pair = 0; pair + 1 < n; pair += 2) {
        turn(coordinates[pair], coordinates[pair + 1], random.nextBoolean() ? 1 : -1);
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

  /** Rotates by 45 degrees in the direction of the sign. */
  private static void turn(double[] a, double[] b, int sign) {
    double sine = sign * HALF_ROOT;
    for (int i = 0; i < a.length; i++) {
      double p = a[i];
      double q = b[i];
      a[i] = HALF_ROOT * p - sine * q;
      b[i] = sine * p + HALF_ROOT * q;
    }
  }
}
