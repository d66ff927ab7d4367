package nst.engine.network;

import java.util.Random;

/**
 * Random filters whose rows are orthonormal, times the gain sqrt 2 that a ReLU asks for (Saxe et
 * al. 2014): an untrained network that keeps the length of what flows through it.
 *
 * <p>Gram-Schmidt on a 512 x 4608 matrix takes seconds for each layer. A random walk over rotations
 * (Kac 1956) is faster: pair all coordinates at random and turn each pair by 45 degrees one way or
 * the other. Every round halves what tells an entry's distribution from the normal one, so a few
 * more rounds than log2(n) make any orthonormal frame a random one. Same bits on every machine:
 * {@link Random} and double arithmetic, rounded to float once at the end.
 */
final class SeededOrthogonal {
  private static final double GAIN = StrictMath.sqrt(2);

  /** Rounds beyond log2(n); in a round every coordinate is turned once. */
  private static final int EXTRA_ROUNDS = 8;

  /** Vectors that are turned together: as many as keep the work in a core's cache. */
  private static final int BLOCK = 64;

  private static final double HALF_ROOT = StrictMath.sqrt(0.5);

  private SeededOrthogonal() {}

  /**
   * Filters of a convolution.
   *
   * @param seed one for each tensor
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

  /** A (rows, columns) block: its shorter side's vectors are orthonormal. */
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

  /** Some unit vectors in {@code n} dimensions after the seed's turns, as (n, count). */
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

  /** By 45 degrees, to the side that the sign says. */
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
