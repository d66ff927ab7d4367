package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.engine.factor.FeatureScaling;
import nst.engine.factor.LayerSchedule;
import nst.engine.network.Arithmetic;
import nst.engine.tile.TileSweep;
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
    GramMatrix gramMatrix = gramMatrix();
    Optional<NDArray> shares = region.sharesAt(layer); // (M, 1)
    GramMatrix.Measured measured = gramMatrix.measured(arithmetic, map, shares);
    AtGram atGram = at(measured.gram(), map.getShape(), progress, lossScale);
    return new AtMap(
        atGram.values(),
        again -> gramMatrix.gradient(arithmetic, again, shares, measured, atGram.byGram()));
  }

  GramMatrix gramMatrix() {
    return new GramMatrix(hyperparameters.gram());
  }

  /**
   * The value of the term at a Gram matrix.
   *
   * @param byGram lossScale * weight * dstyle/dG, (N, N)
   */
  private record AtGram(List<TermValue> values, NDArray byGram) {}

  private AtGram at(NDArray gram, Shape map, double progress, double lossScale) {
    List<TermValue> values = new ArrayList<>();
    NDList byGrams = new NDList(); // (N, N) for each style
    List<TermValue.Term> terms = terms(map, progress);
    for (int i = 0; i < terms.size(); i++) {
      Targets.Gram target = region.styles().get(i).grams().get(layer);
      NDArray distance = gram.sub(target.matrix()); // G - A_s, (N, N)
      values.add(new TermValue(terms.get(i), distance.square().mean()));
      byGrams.add(
          Scalars.scale(distance, byDistance(terms.get(i), gram.getShape().size()) * lossScale));
    }
    return new AtGram(values, byGrams.stream().reduce(NDArray::addi).orElseThrow());
  }

  /**
   * The terms of the sum that the means of (G - A_s)^2 give, one for each style.
   *
   * @param map the shape of F, (1, N, height, width)
   */
  List<TermValue.Term> terms(Shape map, double progress) {
    double layerWeight = LayerSchedule.weight(hyperparameters, layer, progress); // w_l
    double factor = layerWeight * factor(hyperparameters, map, region.sharesAt(layer)) * scaling;
    return region.styles().stream()
        .map(
            style ->
                new TermValue.Term(
                    TermValue.Kind.STYLE,
                    Optional.of(layer),
                    factor * style.weight() / style.grams().get(layer).reference(),
                    hyperparameters.styleWeight()))
        .toList();
  }

  /**
   * The factor from G - A_s to the weighted dstyle/dG.
   *
   * @param entries N^2
   */
  static double byDistance(TermValue.Term term, long entries) {
    return 2 * term.factor() * term.weight() / entries;
  }

  @Override
  public InParts inParts(NDManager manager, Shape map) {
    Optional<NDArray> shares = region.sharesAt(layer); // (M, 1)
    GramMatrix.Sums sums = gramMatrix().new Sums(manager, arithmetic, map, shares);
    return new InParts() {
      @Override
      public void add(TileSweep.Part part) {
        sums.add(part.map(), of(part, map));
      }

      @Override
      public AtParts at(double progress, double lossScale) {
        GramMatrix.Measured measured = sums.total();
        AtGram atGram = StyleTerm.this.at(measured.gram(), map, progress, lossScale);
        return new AtParts(
            atGram.values(), part -> gradient(part, of(part, map), measured, atGram.byGram()));
      }
    };
  }

  /** The shares of a part's positions, (positions, 1). */
  private Optional<NDArray> of(TileSweep.Part part, Shape map) {
    return region.sharesAt(layer).map(all -> GramMatrix.shares(all, part, map));
  }

  private NDArray gradient(
      TileSweep.Part part, Optional<NDArray> shares, GramMatrix.Measured measured, NDArray byGram) {
    try (NDArray again = byGram.duplicate()) { // it is overwritten
      return gramMatrix().gradient(arithmetic, part.map(), shares, measured, again);
    }
  }

  /**
   * k: the factor from the mean of (G - A)^2 over its N^2 entries to the selected style term.
   *
   * @param map the shape of F, (1, N, height, width)
   * @param shares the share of each position, (M, 1)
   */
  static double factor(Hyperparameters hyperparameters, Shape map, Optional<NDArray> shares) {
    double channels = map.get(1); // N
    double positions = GramMatrix.positions(map, shares); // M
    return switch (hyperparameters.styleTerm()) {
      case MEAN_SQUARES -> 1;
      case GATYS -> 1 / (4 * positions * positions);
      case MEAN_PER_ELEMENT -> 1 / (channels * positions);
    };
  }
}
