package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import nst.engine.network.Arithmetic;
import nst.engine.network.TensorOperations;
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
    long channels = map.getShape().get(1); // N
    double positions = positions(map, shares); // M
    double divisor =
        switch (form) {
          case RAW -> 1;
          case PER_POSITION, CENTERED -> positions;
          case PER_ELEMENT -> channels * positions;
        };
    if (shares.isEmpty()) {
      return measured(arithmetic.operations(), map, map, divisor);
    }
    try (NDArray exact = arithmetic.leave(map.stopGradient());
        NDArray counted = exact.mul(overImage(shares.get(), map))) {
      return measured(arithmetic.operations(), counted, exact, divisor);
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

  /** M: the number of positions, or the sum of their shares. */
  static double positions(NDArray map, Optional<NDArray> shares) {
    if (shares.isEmpty()) {
      return map.getShape().get(2) * (double) map.getShape().get(3);
    }
    try (NDArray sum = shares.get().sum()) {
      return Math.max(LEAST_POSITIONS, Scalars.value(sum));
    }
  }
}
