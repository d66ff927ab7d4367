package nst.engine.stylenetwork;

import java.util.List;
import nst.engine.objective.StyleImage;
import nst.model.Hyperparameters;

/**
 * What a style network is trained for.
 *
 * @param looks the styles of each look
 * @param objective {@code image_size} is the side of the crops; what belongs to an optimiser of
 *     pixels is not used
 * @param seed of the first weights
 * @param workers samples that a CPU computes at once. The result does not depend on it
 */
public record TrainingSetup(
    StyleNetworkArchitecture architecture,
    List<List<StyleImage>> looks,
    Hyperparameters objective,
    long seed,
    int workers) {
  public TrainingSetup {
    looks = List.copyOf(looks);
  }
}
