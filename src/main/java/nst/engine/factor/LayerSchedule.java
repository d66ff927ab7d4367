package nst.engine.factor;

import java.util.Set;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;

/** The weights w_l of the style layers, which can change from the first iterate to the last. */
public final class LayerSchedule {
  private LayerSchedule() {}

  /** w_l at some progress, from 0 at the first iterate to 1 at the last. */
  public static double weight(Hyperparameters hyperparameters, Layer layer, double progress) {
    double from = hyperparameters.styleLayers().getOrDefault(layer, 0.0);
    if (!moves(hyperparameters)) {
      return from;
    }
    double to = hyperparameters.styleLayersEnd().getOrDefault(layer, 0.0);
    return from + (to - from) * progress;
  }

  public static boolean moves(Hyperparameters hyperparameters) {
    return !hyperparameters.styleLayersEnd().isEmpty();
  }

  /** The layers that have a weight at any iterate, in network order. */
  public static Set<Layer> layers(Hyperparameters hyperparameters) {
    return Layer.union(hyperparameters.styleLayers(), hyperparameters.styleLayersEnd());
  }
}
