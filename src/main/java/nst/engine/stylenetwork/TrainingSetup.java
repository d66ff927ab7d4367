package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Layer;
import nst.model.Hyperparameters;

/**
 * What a style network is trained for.
 *
 * @param looks of the network
 * @param objective what belongs to an optimiser of pixels is not used
 * @param begin the network whose parameters the training begins with; empty: random ones
 * @param seed of the first weights
 * @param workers samples that a CPU computes at once. The result does not depend on it
 */
public record TrainingSetup(
    StyleNetworkArchitecture architecture,
    List<TrainingLook> looks,
    Hyperparameters objective,
    Optional<Begin> begin,
    long seed,
    int workers) {
  public TrainingSetup {
    looks = List.copyOf(looks);
  }

  /**
   * A trained network to begin with.
   *
   * @param network of the architecture that is trained
   * @param blends for each new look, the shares of the looks of that network
   */
  public record Begin(StyleNetworkFile network, List<List<Double>> blends) {
    public Begin {
      blends = blends.stream().map(List::copyOf).toList();
    }

    /** The network with the new looks, each a blend of its own looks. */
    public StyleNetwork on(NDManager manager) {
      SortedMap<String, Tensor> parameters = new TreeMap<>();
      network
          .parameters()
          .forEach(
              (name, tensor) ->
                  parameters.put(name, name.endsWith(Layer.WEIGHT) ? tensor : blended(tensor)));
      return StyleNetwork.of(manager, network.architecture(), blends.size(), parameters);
    }

    /**
     * Blends the scales or the shifts of a layer.
     *
     * @param rows (looks, channels)
     */
    private Tensor blended(Tensor rows) {
      int channels = Math.toIntExact(rows.shape()[1]);
      float[] values = new float[blends.size() * channels];
      for (int look = 0; look < blends.size(); look++) {
        List<Double> shares = blends.get(look);
        for (int channel = 0; channel < channels; channel++) {
          double sum = 0;
          for (int old = 0; old < shares.size(); old++) {
            sum += shares.get(old) * rows.values()[old * channels + channel];
          }
          values[look * channels + channel] = (float) sum;
        }
      }
      return new Tensor(new long[] {blends.size(), channels}, values);
    }
  }
}
