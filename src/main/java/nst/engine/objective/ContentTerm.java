package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import nst.engine.network.Arithmetic;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;

/**
 * The content term at one layer: the distance of the image's map F from the photo's map P, both (1,
 * N, height, width) with M = height * width positions (Gatys et al. 2016, eq. 1 and 2).
 *
 * <pre>
 * content     = c_l k sum (F - P)^2 / (N M)
 * dcontent/dF = c_l k 2 (F - P) / (N M)
 *
 * k = 1          content_term = mean_squares
 * k = N M / 2    content_term = half_sum_squares, as in the paper
 * </pre>
 *
 * @param scaling the scaling of content terms, {@link FeatureScaling}
 */
record ContentTerm(
    Hyperparameters hyperparameters,
    Arithmetic arithmetic,
    Layer layer,
    Targets.Content target,
    double scaling)
    implements LayerTerm {

  @Override
  public AtMap at(NDArray map, double progress, double lossScale) {
    NDArray mean;
    try (NDArray difference = difference(map)) {
      mean =
          difference
              .muli(difference)
              .mean(); // in place, because memory peaks here, with all maps in memory
    }
    double weight = hyperparameters.contentWeight();
    double byDifference = 2 * factor() * weight * lossScale / values();
    return new AtMap(
        List.of(new TermValue(TermValue.Kind.CONTENT, Optional.of(layer), mean, factor(), weight)),
        again -> gradient(again, byDifference));
  }

  private NDArray gradient(NDArray map, double byDifference) {
    try (NDArray difference = difference(map)) {
      return arithmetic.enter(Scalars.scale(difference, byDifference));
    }
  }

  /** F - P in the precision of losses, as a new tensor. */
  private NDArray difference(NDArray map) {
    NDArray exact = arithmetic.leave(map);
    return exact == map ? map.sub(target.map()) : exact.subi(target.map());
  }

  /** The factor from the mean of squares to the term. */
  private double factor() {
    double k =
        switch (hyperparameters.contentTerm()) {
          case MEAN_SQUARES -> 1;
          case HALF_SUM_SQUARES -> values() / 2.0;
        };
    return hyperparameters.contentLayers().get(layer) * k * scaling / target.reference();
  }

  private long values() { // N M
    return target.map().getShape().size();
  }
}
