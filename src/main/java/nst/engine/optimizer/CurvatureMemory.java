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
 * The pairs that L-BFGS remembers. They lie side by side in two tensors, each made once and written
 * over from then on: tensors of their own, one replaced in every step, would be born wherever an
 * evaluation's maps have just left a hole, and the next maps would no longer fit.
 */
final class CurvatureMemory implements AutoCloseable {
  /** A pair whose curvature is this near to none says nothing. */
  private static final double LEAST_CURVATURE = 1e-10;

  private final int history;
  private final Deque<Pair> pairs = new ArrayDeque<>(); // oldest first
  private Optional<Slots> slots = Optional.empty();
  private int next; // the slot that the next pair is written to

  /**
   * What one step taught.
   *
   * @param s the change of the variable, a view
   * @param y the change of the gradient, a view
   * @param curvature s . y, of shape (), positive
   */
  record Pair(NDArray s, NDArray y, NDArray curvature) {
    /** Says something of how the gradient changes. */
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

  /** Room for pairs: s and y are (pairs, 1, 3, height, width). */
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
   * With no pair yet.
   *
   * @param history pairs to remember
   */
  CurvatureMemory(int history) {
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

  /** Remembers a pair if it says something, and forgets the oldest where there are too many. */
  void remember(NDArray s, NDArray y) {
    if (slots.isEmpty()) {
      slots = Optional.of(Slots.like(s, history + 1)); // one to try the newest in
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

  /** Remembers the same at another size. */
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

  /** Forgets every pair. */
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
