package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nst.engine.torch.Scalars;

/**
 * The pairs that L-BFGS remembers, in two tensors that are allocated once and then overwritten.
 * Separate tensors, one of which is replaced in each step, would occupy the memory that the maps of
 * an evaluation have just freed, and the next maps would not fit there.
 */
final class LbfgsHistory implements AutoCloseable {
  /** A pair with less curvature than this is not used. */
  private static final double LEAST_CURVATURE = 1e-10;

  private final int history;
  private final Deque<Pair> pairs = new ArrayDeque<>(); // oldest first
  private Optional<Slots> slots = Optional.empty();
  private int next; // the slot that the next pair is written to

  /**
   * A pair from one step.
   *
   * @param s the change of the variable, a view
   * @param y the change of the gradient, a view
   * @param curvature s . y, of shape (), positive
   */
  record Pair(NDArray s, NDArray y, NDArray curvature) {
    /** Whether the pair has enough curvature. */
    private boolean curves() {
      try (NDArray squaredS = Scalars.product(s, s);
          NDArray squaredY = Scalars.product(y, y)) {
        double[] read = Scalars.read(curvature, squaredS, squaredY);
        return read[0] > LEAST_CURVATURE * Math.sqrt(read[1] * read[2]);
      }
    }

    private void close() {
      s.close();
      y.close();
      curvature.close();
    }
  }

  /** The memory for pairs: s and y are (pairs, 1, 3, height, width). */
  private record Slots(NDArray s, NDArray y) {
    static Slots like(NDArray variable, int pairs) {
      Shape shape = new Shape(pairs).addAll(variable.getShape());
      return new Slots(
          variable.getManager().create(shape, variable.getDataType()),
          variable.getManager().create(shape, variable.getDataType()));
    }

    Pair written(int slot, NDArray s, NDArray y) {
      NDIndex index = new NDIndex(slot);
      this.s.set(index, s);
      this.y.set(index, y);
      return new Pair(this.s.get(slot), this.y.get(slot), Scalars.product(s, y));
    }

    void close() {
      s.close();
      y.close();
    }
  }

  /**
   * Creates a memory without pairs.
   *
   * @param history the number of pairs to remember
   */
  LbfgsHistory(int history) {
    this.history = history;
  }

  boolean isEmpty() {
    return pairs.isEmpty();
  }

  Pair newest() {
    return pairs.getLast();
  }

  Iterable<Pair> oldestFirst() {
    return pairs;
  }

  Iterable<Pair> newestFirst() {
    return pairs::descendingIterator;
  }

  /** Adds a pair if it has enough curvature, and drops the oldest if there are too many. */
  void remember(NDArray s, NDArray y) {
    if (slots.isEmpty()) {
      slots =
          Optional.of(
              Slots.like(s, history + 1)); // one more for the newest pair, which may be rejected
    }
    Pair pair = slots.get().written(next, s, y);
    if (!pair.curves()) {
      pair.close();
      return;
    }
    pairs.addLast(pair);
    next = (next + 1) % (history + 1);
    if (pairs.size() > history) {
      pairs.removeFirst().close();
    }
  }

  /** Resamples all pairs to another size. */
  void rescale(UnaryOperator<NDArray> variables, UnaryOperator<NDArray> gradients) {
    List<Pair> old = List.copyOf(pairs);
    Optional<Slots> oldSlots = slots;
    pairs.clear();
    slots = Optional.empty();
    next = 0;
    for (Pair pair : old) {
      try (NDArray s = variables.apply(pair.s());
          NDArray y = gradients.apply(pair.y())) {
        remember(s, y);
      }
      pair.close();
    }
    oldSlots.ifPresent(Slots::close);
  }

  /** Removes all pairs. */
  void forget() {
    pairs.forEach(Pair::close);
    pairs.clear();
  }

  @Override
  public void close() {
    forget();
    slots.ifPresent(Slots::close);
    slots = Optional.empty();
  }
}
