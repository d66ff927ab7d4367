package nst.job.plan;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import nst.engine.stylenetwork.StyleNetworkFile;
import nst.model.Hyperparameters;
import nst.record.NetworkLooks;
import nst.record.NetworkRecipe;
import nst.record.TrainingLoss;
import nst.storage.Uris;

/**
 * A style network of an output, as far as the choice between several needs it.
 *
 * @param uri absolute URI of its file
 * @param features the VGG whose features it was trained on: its weights and conventions
 * @param heldOutLoss the mean total loss of the photos that it was not trained on
 */
record TrainedNetwork(String uri, NetworkLooks looks, String features, double heldOutLoss)
    implements Serializable {

  /** The best first: the smallest loss, then the smallest URI. */
  static final Comparator<TrainedNetwork> BEST_FIRST =
      Comparator.comparingDouble(TrainedNetwork::heldOutLoss).thenComparing(TrainedNetwork::uri);

  /**
   * Reads the file of a network.
   *
   * @throws IllegalArgumentException if it is damaged or not written by {@code train}
   */
  static TrainedNetwork of(String uri, byte[] bytes) {
    String recipe = StyleNetworkFile.of(Uris.fileName(uri), bytes).recipe();
    NetworkRecipe made = NetworkRecipe.read(recipe);
    List<TrainingLoss> measured = made.result().heldOut();
    double loss =
        measured.isEmpty() ? Double.POSITIVE_INFINITY : measured.get(measured.size() - 1).total();
    return new TrainedNetwork(uri, NetworkLooks.read(recipe), made.features(), loss);
  }

  /** Whether it was trained on these styles, or can blend them. */
  boolean has(List<NetworkLooks.Style> styles) {
    return looks.blend(styles, NetworkLooks.Look.ANY_SIZE).isPresent();
  }

  /** Whether it was trained with the objective of a row. */
  boolean isFor(Hyperparameters row, String rowFeatures) {
    return features.equals(rowFeatures) && looks.differences(row).isEmpty();
  }
}
