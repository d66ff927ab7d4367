package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters;

/**
 * The divisors of {@code loss_normalization=initial}: for style and total variation, their value at
 * the content image; for content, its value at a map that has the channel means at every position.
 */
record LossReferences(Hyperparameters hyperparameters) {
  /** The smallest reference, as a share of the compared values. */
  private static final double LEAST_SHARE = 1e-6;

  /**
   * In a photo without structure, neighbours count as if they differed by one grey level of 256.
   */
  private static final double LEAST_DIFFERENCE = 1 / 255.0;

  /**
   * The content term between F, (1, N, height, width), and its channel means, which is the variance
   * of F.
   *
   * @param parts the parts of F, each (1, N, any, any), so that copies are only made of parts
   */
  double content(NDArray map, List<NDArray> parts) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray mean = map.mean(new int[] {3}, true).mean(new int[] {2}, true); // (1, N, 1, 1)
      double variance = 0;
      double squares = 0;
      for (NDArray part : parts) {
        double share = part.getShape().size() / (double) map.getShape().size();
        variance += share * squareMean(part, mean);
        squares += share * squareMean(part);
      }
      double guarded = guarded(variance, squares);
      return switch (hyperparameters.contentTerm()) {
        case MEAN_SQUARES -> guarded;
        case HALF_SUM_SQUARES -> guarded * map.getShape().size() / 2.0;
      };
    }
  }

  private static double squareMean(NDArray x) {
    try (NDArray squares = x.square();
        NDArray mean = squares.mean()) {
      return Scalars.value(mean);
    }
  }

  private static double squareMean(NDArray x, NDArray without) {
    try (NDArray difference = x.sub(without)) {
      return squareMean(difference);
    }
  }

  /**
   * The style term of the content's map.
   *
   * @param gram G of the map, (N, N)
   * @param map the shape of the map, (1, N, height, width)
   * @param shares the share of each position, (M, 1)
   * @param target A, (N, N)
   */
  double style(NDArray gram, Shape map, Optional<NDArray> shares, NDArray target) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      double distance = Scalars.value(gram.sub(target).square().mean());
      return guarded(distance, Scalars.value(target.square().mean()))
          * StyleTerm.factor(hyperparameters, map, shares);
    }
  }

  /** The tv term of x, (1, 3, height, width), in the coordinates in which it is computed. */
  double totalVariation(NDArray x) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      double value = Scalars.value(TotalVariation.of(hyperparameters, 1).at(x));
      double differences = 2.0 * x.getShape().size();
      double least =
          switch (hyperparameters.tvTerm()) {
            case D2L -> LEAST_DIFFERENCE;
            case ABSOLUTE -> differences * LEAST_DIFFERENCE;
            case SQUARES -> differences * LEAST_DIFFERENCE * LEAST_DIFFERENCE;
            case KERAS -> differences * Math.pow(LEAST_DIFFERENCE, 2.5);
          };
      return Math.max(value, least);
    }
  }

  /** The value, but not so small that its inverse dominates all other terms. */
  private static double guarded(double value, double size) {
    double guarded = Math.max(value, LEAST_SHARE * size);
    return guarded > 0 ? guarded : 1;
  }
}
