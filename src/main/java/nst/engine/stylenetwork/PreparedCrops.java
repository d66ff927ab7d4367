package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import nst.engine.objective.Objective;

/**
 * The objectives of the crops that are in use. Computing one takes a forward pass of the VGG over
 * the crop, so a crop that is used again saves it. Thread-safe for different crops.
 */
final class PreparedCrops implements AutoCloseable {
  private final NDManager manager;
  private final BiFunction<NDManager, TrainingSample, Objective> preparation;
  private final Map<Long, Prepared> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Prepared(NDManager manager, Objective objective) {}

  /**
   * Nothing is kept yet.
   *
   * @param preparation makes the objective of a crop; its tensors belong to the given manager
   */
  PreparedCrops(NDManager parent, BiFunction<NDManager, TrainingSample, Objective> preparation) {
    this.manager = parent.newSubManager();
    this.preparation = preparation;
  }

  /** The objective of a crop, from the last time or computed. */
  Objective objective(TrainingSample sample) {
    synchronized (kept) {
      Prepared known = kept.get(sample.crop());
      if (known != null) {
        return known.objective();
      }
    }
    NDManager own = manager.newSubManager();
    Prepared prepared = new Prepared(own, preparation.apply(own, sample));
    synchronized (kept) {
      kept.put(sample.crop(), prepared);
    }
    return prepared.objective();
  }

  /** Closes the objectives that were not used for longest. Call it between steps. */
  void keepOnly(int most) {
    synchronized (kept) {
      Iterator<Prepared> longestUnused = kept.values().iterator();
      while (kept.size() > most) {
        longestUnused.next().manager().close();
        longestUnused.remove();
      }
    }
  }

  /** The number of crops that are kept. */
  int size() {
    synchronized (kept) {
      return kept.size();
    }
  }

  @Override
  public void close() {
    kept.clear();
    manager.close();
  }
}
