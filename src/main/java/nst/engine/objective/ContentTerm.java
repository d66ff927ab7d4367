package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import nst.engine.factor.FeatureScaling;
import nst.engine.network.Arithmetic;
import nst.engine.tile.TileSweep;
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
    try (NDArray difference = difference(map, target.map())) {
      mean =
          difference
              .muli(difference)
              .mean(); // in place, because memory peaks here, with all maps in memory
    }
    return new AtMap(
        List.of(value(mean)), again -> gradient(again, target.map(), byDifference(lossScale)));
  }

  @Override
  public InParts inParts(NDManager manager, Shape map) {
    NDArray mean = arithmetic.exact(manager.zeros(new Shape()));
    return new InParts() {
      @Override
      public void add(TileSweep.Part part) {
        try (NDArray photo = part.of(target.map());
            NDArray difference = difference(part.map(), photo);
            NDArray sum = difference.muli(difference).sum()) {
          mean.addi(Scalars.scale(sum, 1.0 / values()));
        }
      }

      @Override
      public AtParts at(double progress, double lossScale) {
        return new AtParts(
            List.of(value(mean)),
            part -> gradient(part.map(), part.of(target.map()), byDifference(lossScale)));
      }
    };
  }

  /** The term, from the mean of (F - P)^2. */
  private TermValue value(NDArray mean) {
    return new TermValue(term(), mean);
  }

  /** The term of the sum that the mean of (F - P)^2 gives. */
  TermValue.Term term() {
    return new TermValue.Term(
        TermValue.Kind.CONTENT, Optional.of(layer), factor(), hyperparameters.contentWeight());
  }

  /** The factor from F - P to the weighted gradient. */
  double byDifference(double lossScale) {
    return 2 * factor() * hyperparameters.contentWeight() * lossScale / values();
  }

  private NDArray gradient(NDArray map, NDArray photo, double byDifference) {
    try (NDArray difference = difference(map, photo)) {
      return arithmetic.enter(Scalars.scale(difference, byDifference));
    }
  }

  /** F - P in the precision of losses, as a new tensor. */
  private NDArray difference(NDArray map, NDArray photo) {
    NDArray exact = arithmetic.leave(map);
    return exact == map ? map.sub(photo) : exact.subi(photo);
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
