package nst.job.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Locale;
import nst.engine.network.EmbeddedNetwork;
import nst.engine.network.NetworkWeights;
import nst.model.Hyperparameters.Backbone;
import nst.model.NetworkFacts;
import nst.record.RunSummary;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * One network that a run may use, as the driver has checked it.
 *
 * @param source {@link #EMBEDDED}, {@link #SEEDED} or the absolute URI of a safetensors file
 * @param digest SHA-256 of the file; of the seeded network the name of its recipe
 */
public record Network(Backbone backbone, String source, String digest, NetworkFacts facts)
    implements Serializable {
  /** The trained VGG16 that the program carries. */
  static final String EMBEDDED = "embedded";

  /** Untrained networks, made from random numbers. */
  static final String SEEDED = "seeded";

  /**
   * Names the seeded networks' recipe: another one gives other pictures and must have another name.
   */
  private static final String SEEDED_RECIPE = "seeded-orthogonal-1";

  public static Network embedded() {
    return new Network(
        EmbeddedNetwork.BACKBONE, EMBEDDED, EmbeddedNetwork.SHA256, EmbeddedNetwork.FACTS);
  }

  public static Network seeded(Backbone backbone) {
    return new Network(backbone, SEEDED, SEEDED_RECIPE, NetworkWeights.seeded(backbone).facts());
  }

  public boolean trained() {
    return !source.equals(SEEDED);
  }

  /** For tables and messages: {@code vgg16 (embedded)}, {@code vgg19 (vgg19.safetensors)}. */
  public String name() {
    String origin =
        switch (source) {
          case EMBEDDED -> "embedded";
          case SEEDED -> "untrained: seeded random orthogonal";
          default -> Uris.fileName(source);
        };
    return label() + " (" + origin + ")";
  }

  /** The backbone as the manifest names it. */
  public String label() {
    return backbone.name().toLowerCase(Locale.ROOT);
  }

  /** All that a picture depends on: part of every key. */
  public String identity() {
    return digest + " " + facts.canonicalText();
  }

  /** The filters, from where they are. */
  public NetworkWeights weights(ObjectStore store) {
    return switch (source) {
      case EMBEDDED -> NetworkWeights.embedded();
      case SEEDED -> NetworkWeights.seeded(backbone);
      default -> WeightsFile.open(source, digest, facts, store);
    };
  }

  /** The network as {@code _RUN.json} records it. */
  public RunSummary.Network recorded() {
    return new RunSummary.Network(
        label(),
        name(),
        digest,
        trained(),
        facts.input().label(),
        facts.activationScale(),
        facts.basis().name().toLowerCase(Locale.ROOT));
  }

  ObjectNode json(ObjectMapper mapper) {
    return mapper
        .createObjectNode()
        .put("backbone", label())
        .put("source", source)
        .put("digest", digest)
        .put("input", facts.input().name())
        .put("activation_scale", facts.activationScale())
        .put("facts_from", facts.basis().name());
  }

  static Network read(JsonNode node) {
    return new Network(
        Backbone.valueOf(node.required("backbone").asText().toUpperCase(Locale.ROOT)),
        node.required("source").asText(),
        node.required("digest").asText(),
        new NetworkFacts(
            NetworkFacts.Input.valueOf(node.required("input").asText()),
            node.required("activation_scale").asDouble(),
            NetworkFacts.Basis.valueOf(node.required("facts_from").asText())));
  }
}
