package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.engine.network.Arithmetic;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;

/**
 * The style term at one layer in one region: the distance of the Gram matrix G of the image's map F
 * from the Gram matrix A_s of each style s, all (N, N) (Gatys et al. 2016, eq. 3 to 6).
 *
 * <pre>
 * style     = w_l k sum_s b_s sum (G - A_s)^2 / N^2
 * dstyle/dG = w_l k sum_s b_s 2 (G - A_s) / N^2
 * dstyle/dF = 2 (F - mean) dstyle/dG / divisor, see {@link GramMatrix}
 *
 * k = 1             style_term = mean_squares
 * k = 1 / (4 M^2)   style_term = gatys: with 1 / N^2 the paper's eq. 4
 * k = 1 / (N M)     style_term = mean_per_element
 * </pre>
 *
 * @param scaling the scaling of style terms, {@link FeatureScaling}
 */
record StyleTerm(
    Hyperparameters hyperparameters,
    Arithmetic arithmetic,
    Layer layer,
    Targets.Region region,
    double scaling)
    implements LayerTerm {

  @Override
  public AtMap at(NDArray map, double progress, double lossScale) {
    GramMatrix gramMatrix = new GramMatrix(hyperparameters.gram());
    Optional<NDArray> shares = region.sharesAt(layer); // (M, 1)
    GramMatrix.Measured measured = gramMatrix.measured(arithmetic, map, shares);
    double layerWeight = LayerSchedule.weight(hyperparameters, layer, progress); // w_l
    double factor = layerWeight * factor(hyperparameters, map, shares) * scaling;
    double weight = hyperparameters.styleWeight();
    long entries = measured.gram().getShape().size(); // N^2
    List<TermValue> values = new ArrayList<>();
    NDList byGrams = new NDList(); // (N, N) for each style
    for (Targets.Style style : region.styles()) {
      Targets.Gram target = style.grams().get(layer);
      double ofStyle = factor * style.weight() / target.reference();
      NDArray distance = measured.gram().sub(target.matrix()); // G - A_s, (N, N)
      values.add(
          new TermValue(
              TermValue.Kind.STYLE, Optional.of(layer), distance.square().mean(), ofStyle, weight));
      byGrams.add(Scalars.scale(distance, 2 * ofStyle * weight * lossScale / entries));
    }
    NDArray byGram = byGrams.stream().reduce(NDArray::addi).orElseThrow(); // (N, N)
    return new AtMap(
        values, again -> gramMatrix.gradient(arithmetic, again, shares, measured, byGram));
  }

  /**
   * k: the factor from the mean of (G - A)^2 over its N^2 entries to the selected style term.
   *
   * @param map F, (1, N, height, width)
   * @param shares the share of each position, (M, 1)
   */
  static double factor(Hyperparameters hyperparameters, NDArray map, Optional<NDArray> shares) {
    double channels = map.getShape().get(1); // N
    double positions = GramMatrix.positions(map, shares); // M
    return switch (hyperparameters.styleTerm()) {
      case MEAN_SQUARES -> 1;
      case GATYS -> 1 / (4 * positions * positions);
      case MEAN_PER_ELEMENT -> 1 / (channels * positions);
    };
  }
}
