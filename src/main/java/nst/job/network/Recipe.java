package nst.job.network;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import nst.model.CombinationCheck;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.OptimizerChoices.Init;

/**
 * The values of a request for its network, and the layers that were replaced for that network.
 *
 * @param substitutedLayers layers that the network lacks, with their replacements; may be empty
 */
public record Recipe(Hyperparameters hyperparameters, String substitutedLayers) {

  /**
   * Fits values to the network that they ask for, and checks them.
   *
   * @param base the values of all knobs
   * @param stated the values that the request sets itself
   * @param where the request, for messages
   * @param problems receives every fault; use the result only if there are none
   */
  public static Recipe of(
      Hyperparameters base,
      Map<Knob, Object> stated,
      Networks networks,
      String where,
      Problems problems) {
    Backbone asked = base.with(stated).backbone();
    Optional<Network> network = networks.find(asked);
    if (network.isEmpty()) {
      problems.add(where, Knob.BACKBONE.key(), networks.missing(asked));
      return new Recipe(base.with(stated), "");
    }
    Backbone backbone = network.get().backbone();
    String substituted = base.substitutions(backbone, stated.keySet());
    EnumMap<Knob, Object> values = new EnumMap<>(Knob.class);
    values.putAll(stated);
    values.put(Knob.BACKBONE, backbone);
    Hyperparameters hyperparameters = inEffect(base.on(backbone).with(values));
    new CombinationCheck(hyperparameters, where, problems).check();
    return new Recipe(hyperparameters, substituted);
  }

  /** With init=network there is one scale; the key and the record then say so. */
  private static Hyperparameters inEffect(Hyperparameters h) {
    return h.init() == Init.NETWORK ? h.with(Knob.SMALLEST_SIZE, 0) : h;
  }
}
