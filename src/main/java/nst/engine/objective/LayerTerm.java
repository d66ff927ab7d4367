package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nst.engine.factor.LossScale;
import nst.engine.tile.TileSweep;

/** A term of the objective at one layer: a function of the image's feature map F there. */
interface LayerTerm {

  /**
   * Computes the term for a map, and its gradient.
   *
   * @param map F, (1, N, height, width), in the network's precision
   * @param progress from 0 at the first iterate to 1 at the last
   * @param lossScale the factor of the gradient, {@link LossScale}
   */
  AtMap at(NDArray map, double progress, double lossScale);

  /**
   * Begins to compute the term for a map that is never in memory as a whole.
   *
   * @param manager of what is added up
   * @param map the shape of the whole map, (1, N, height, width)
   */
  InParts inParts(NDManager manager, Shape map);

  /** Combines several terms of one layer. */
  static LayerTerm sum(List<LayerTerm> terms) {
    return new Sum(terms);
  }

  /** The sum of terms at one layer. */
  record Sum(List<LayerTerm> terms) implements LayerTerm {
    @Override
    public AtMap at(NDArray map, double progress, double lossScale) {
      List<AtMap> all = terms.stream().map(term -> term.at(map, progress, lossScale)).toList();
      return new AtMap(
          all.stream().flatMap(one -> one.values().stream()).toList(),
          again -> added(all.stream().map(one -> one.gradient().apply(again))));
    }

    @Override
    public InParts inParts(NDManager manager, Shape map) {
      List<InParts> all = terms.stream().map(term -> term.inParts(manager, map)).toList();
      return new InParts() {
        @Override
        public void add(TileSweep.Part part) {
          all.forEach(one -> one.add(part));
        }

        @Override
        public AtParts at(double progress, double lossScale) {
          List<AtParts> each = all.stream().map(one -> one.at(progress, lossScale)).toList();
          return new AtParts(
              each.stream().flatMap(one -> one.values().stream()).toList(),
              part -> added(each.stream().map(one -> one.gradient().apply(part))));
        }
      };
    }

    private static NDArray added(Stream<NDArray> gradients) {
      return gradients.reduce(LayerTerm::added).orElseThrow();
    }
  }

  /** Adds x to the sum in place and closes x; returns the sum. */
  static NDArray added(NDArray sum, NDArray x) {
    sum.addi(x);
    x.close();
    return sum;
  }

  /**
   * The value of a term at a map F.
   *
   * @param values the scalars whose sum is the term
   * @param gradient a function from F to lossScale * weight * dTerm/dF, a new tensor of F's shape
   *     and precision. F is passed again, because a term does not keep the map: the network can
   *     close each map during the backward pass
   */
  record AtMap(List<TermValue> values, UnaryOperator<NDArray> gradient) {}

  /** A term for a map whose parts are added one after another. */
  interface InParts {
    /** Adds the positions of a part, whose map is not kept. */
    void add(TileSweep.Part part);

    /** The term for all parts that were added; arguments as in {@link LayerTerm#at}. */
    AtParts at(double progress, double lossScale);
  }

  /**
   * The value of a term at a map in parts.
   *
   * @param values as in {@link AtMap}
   * @param gradient the same for the positions of one part
   */
  record AtParts(List<TermValue> values, Function<TileSweep.Part, NDArray> gradient) {}
}
