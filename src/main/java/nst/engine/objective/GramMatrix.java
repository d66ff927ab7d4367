package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import nst.engine.network.Arithmetic;
import nst.engine.network.TensorOperations;
import nst.engine.tile.TileSweep;
import nst.engine.torch.Scalars;
import nst.model.knob.LossChoices.GramNormalization;

/**
 * The Gram matrix of a feature map F, (N, M): which channels are active together, at any position
 * (Gatys et al. 2016, eq. 3), and its gradient.
 *
 * <pre>
 * G = F F^T                              gram = raw, as in the paper
 * G = F F^T / M                          gram = per_position
 * G = F F^T / (N M)                      gram = per_element
 * G = (F - mean) (F - mean)^T / M        gram = centered
 * </pre>
 *
 * If positions have shares s, the first F is multiplied by s, the mean is weighted by s, and M is
 * the sum of s.
 *
 * @param form the normalisation
 */
public record GramMatrix(GramNormalization form) {

  /** Avoids a division by 0 if a mask is black everywhere. */
  private static final double LEAST_POSITIONS = 1e-3;

  /**
   * The Gram matrix of a map and the values that its gradient needs.
   *
   * @param gram G, (N, N), in the precision of losses
   * @param mean the mean of each channel, (1, N), if the matrix is centred
   * @param divisor the divisor of the sums over positions
   */
  public record Measured(NDArray gram, Optional<NDArray> mean, double divisor) {}

  /** Only the matrix of {@link #measured}. */
  NDArray of(Arithmetic arithmetic, NDArray map, Optional<NDArray> shares) {
    return measured(arithmetic, map, shares).gram();
  }

  /**
   * Computes G for a map.
   *
   * @param map F, (1, N, height, width), channels last, in the precision of the network or of
   *     losses
   * @param shares the share of each position, (M, 1); if empty, all positions count equally
   */
  public Measured measured(Arithmetic arithmetic, NDArray map, Optional<NDArray> shares) {
    return measured(arithmetic, map, shares, divisor(map.getShape(), shares));
  }

  /** The divisor of the sums over the positions of a map of shape (1, N, height, width). */
  double divisor(Shape map, Optional<NDArray> shares) {
    double positions = positions(map, shares); // M
    return switch (form) {
      case RAW -> 1;
      case PER_POSITION, CENTERED -> positions;
      case PER_ELEMENT -> map.get(1) * positions;
    };
  }

  /** The same sums over the positions of the map with the divisor of a larger map. */
  private Measured measured(
      Arithmetic arithmetic, NDArray map, Optional<NDArray> shares, double divisor) {
    if (shares.isEmpty()) {
      return measured(arithmetic.operations(), map, map, divisor);
    }
    try (NDArray exact = arithmetic.leave(map.stopGradient());
        NDArray counted = exact.mul(overImage(shares.get(), map))) {
      return measured(arithmetic.operations(), counted, exact, divisor);
    }
  }

  /**
   * The Gram matrix of a map whose positions are added part by part: the sums over all positions
   * are the sums of those over the parts.
   */
  final class Sums {
    private final Arithmetic arithmetic;
    private final double divisor;
    private final NDArray products; // the sum of F F^T / divisor, (N, N)
    private final NDArray means; // the sum of F / divisor, (1, N)

    /**
     * Begins with no positions.
     *
     * @param manager of the sums
     * @param map the shape of the whole map, (1, N, height, width)
     * @param shares the share of each of its positions, (M, 1)
     */
    Sums(NDManager manager, Arithmetic arithmetic, Shape map, Optional<NDArray> shares) {
      this.arithmetic = arithmetic;
      this.divisor = divisor(map, shares);
      long channels = map.get(1);
      this.products = arithmetic.exact(manager.zeros(new Shape(channels, channels)));
      this.means = arithmetic.exact(manager.zeros(new Shape(1, channels)));
    }

    /**
     * Adds some positions.
     *
     * @param part their values, (1, N, any, any)
     * @param shares their shares, (positions, 1)
     */
    void add(NDArray part, Optional<NDArray> shares) {
      Measured measured = GramMatrix.this.measured(arithmetic, part, shares, divisor);
      products.addi(measured.gram());
      measured.gram().close();
      measured.mean().ifPresent(this::addMean);
    }

    /** The centred matrix of a part lacks the product of its means. */
    private void addMean(NDArray mean) {
      products.addi(squared(mean));
      means.addi(mean);
      mean.close();
    }

    /** The matrix of all positions that were added. */
    Measured total() {
      if (form != GramNormalization.CENTERED) {
        return new Measured(products, Optional.empty(), divisor);
      }
      return new Measured(products.sub(squared(means)), Optional.of(means), divisor);
    }

    private NDArray squared(NDArray mean) { // (N, N)
      return mean.transpose().matMul(mean);
    }
  }

  private Measured measured(
      TensorOperations operations, NDArray counted, NDArray map, double divisor) {
    List<NDArray> results =
        operations.gram(counted, map, divisor, form == GramNormalization.CENTERED);
    return new Measured(results.get(0), results.stream().skip(1).findFirst(), divisor);
  }

  /**
   * The gradient of a loss with respect to the map, if the loss depends on its Gram matrix:
   *
   * <pre>
   * dL/dF = 2 s (F - mean) dL/dG / divisor
   * </pre>
   *
   * where s are the shares. If G is not centred, there is no mean. The factor 2 comes from the two
   * factors of F F^T.
   *
   * @param map F, (1, N, height, width)
   * @param byGram dL/dG, (N, N), symmetric, in the precision of losses; overwritten
   * @return the gradient, with the map's shape and precision
   */
  public NDArray gradient(
      Arithmetic arithmetic,
      NDArray map,
      Optional<NDArray> shares,
      Measured measured,
      NDArray byGram) {
    NDArray matrix = Scalars.scale(byGram, 2 / measured.divisor()); // (N, N)
    NDArray mean = measured.mean().orElseGet(() -> zeros(matrix)); // (1, N)
    NDArray gradient = arithmetic.operations().throughGram(map, matrix, mean);
    return shares.isPresent()
        ? gradient.mul(arithmetic.entered(overImage(shares.get(), map)))
        : gradient;
  }

  private static NDArray zeros(NDArray matrix) { // (N, N)
    return matrix.getManager().zeros(new Shape(1, matrix.getShape().get(1)), matrix.getDataType());
  }

  /** Reshapes (M, 1) to (1, 1, height, width). */
  private static NDArray overImage(NDArray shares, NDArray map) {
    return shares.reshape(1, 1, map.getShape().get(2), map.getShape().get(3));
  }

  /**
   * The shares of a part's positions, (positions, 1).
   *
   * @param all the shares of the whole map, (M, 1)
   * @param map the shape of the whole map, (1, N, height, width)
   */
  static NDArray shares(NDArray all, TileSweep.Part part, Shape map) {
    try (NDArray plane = all.reshape(1, 1, map.get(2), map.get(3));
        NDArray own = part.of(plane)) {
      return own.reshape(-1, 1);
    }
  }

  /** M: the number of positions, or the sum of their shares. */
  static double positions(Shape map, Optional<NDArray> shares) { // (1, N, height, width)
    if (shares.isEmpty()) {
      return map.get(2) * (double) map.get(3);
    }
    try (NDArray sum = shares.get().sum()) {
      return Math.max(LEAST_POSITIONS, Scalars.value(sum));
    }
  }
}
