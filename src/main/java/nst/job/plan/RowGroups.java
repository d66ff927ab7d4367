package nst.job.plan;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.job.cost.Amortization;
import nst.job.network.Networks;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.TransferRequest;
import nst.model.knob.Effect;
import nst.model.knob.OptimizerChoices.Init;
import nst.model.knob.OutputChoices.ColorPreservation;
import nst.model.text.Sha256;

/**
 * The groups of rows that share their styles and their objective, so that one style network can
 * serve them all.
 */
public final class RowGroups implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ID_DIGITS = 16;

  private final Networks features;
  private final boolean configuredInit;
  private final Map<String, String> networks;

  /**
   * @param networks the network of each group that uses one, by the group's id
   */
  private RowGroups(Networks features, boolean configuredInit, Map<String, String> networks) {
    this.features = features;
    this.configuredInit = configuredInit;
    this.networks = new TreeMap<>(networks);
  }

  /** Groups of which none uses a network. */
  static RowGroups of(Networks features, RunConfig config) {
    return new RowGroups(features, config.isSet(Knob.INIT), Map.of());
  }

  /** The same groups, of which some use a network. */
  RowGroups using(Map<String, String> uris) {
    return new RowGroups(features, configuredInit, uris);
  }

  /** Whether rows can have a group at all: not if the configuration sets the start of all. */
  boolean exist() {
    return !configuredInit;
  }

  /**
   * The group of a row; empty if the row cannot use a network in place of its own start: its start
   * is set, or it asks for what a network does not do.
   *
   * @param statesInit whether the row sets {@code init} itself
   */
  Optional<String> of(TransferRequest request, boolean statesInit) {
    Hyperparameters h = request.hyperparameters();
    boolean masked =
        request.styles().stream()
            .anyMatch(style -> !style.mask().isEmpty() || !style.styleMask().isEmpty());
    if (configuredInit
        || statesInit
        || masked
        || h.init() == Init.NETWORK
        || h.originalColors() == ColorPreservation.MATCH) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder(features.get(h.backbone()).identity()).append('\n');
    request
        .styles()
        .forEach(style -> text.append(style.weight()).append(' ').append(style.uri()).append('\n'));
    h.texts(Effect.OBJECTIVE)
        .forEach((knob, value) -> text.append(knob).append('=').append(value).append('\n'));
    return Optional.of(
        Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, ID_DIGITS));
  }

  /** The request as its group makes it: with the group's network, or as it is. */
  TransferRequest amortized(TransferRequest request, boolean statesInit) {
    if (networks.isEmpty()) {
      return request;
    }
    return of(request, statesInit)
        .map(networks::get)
        .map(uri -> refining(request, uri))
        .orElse(request);
  }

  /** The request with the picture of a network as its start. */
  static TransferRequest refining(TransferRequest request, String uri) {
    return new TransferRequest(
        request.id(),
        request.content(),
        request.contentVersion(),
        request.styles(),
        Amortization.refining(request.hyperparameters(), uri),
        request.substitutedLayers());
  }
}
