package nst.job.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Locale;
import nst.engine.network.EmbeddedNetwork;
import nst.engine.network.NetworkWeights;
import nst.model.NetworkFacts;
import nst.model.knob.NetworkChoices.Backbone;
import nst.record.RunSummary;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * A network that a run may use, as checked by the driver.
 *
 * @param source {@link #EMBEDDED}, {@link #SEEDED} or the absolute URI of a safetensors file
 * @param digest SHA-256 of the file; for a seeded network, the name of its initialisation
 */
public record Network(Backbone backbone, String source, String digest, NetworkFacts facts)
    implements Serializable {
  /** The trained VGG16 in the jar. */
  static final String EMBEDDED = "embedded";

  /** Untrained networks with random weights. */
  static final String SEEDED = "seeded";

  /**
   * The name of the initialisation of seeded networks. Change it when the initialisation changes,
   * because the images change too.
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

  /**
   * The name in tables and messages: {@code vgg16 (embedded)}, {@code vgg19 (vgg19.safetensors)}.
   */
  public String name() {
    String origin =
        switch (source) {
          case EMBEDDED -> "embedded";
          case SEEDED -> "untrained: seeded random orthogonal";
          default -> Uris.fileName(source);
        };
    return label() + " (" + origin + ")";
  }

  /** The backbone's name in the manifest. */
  String label() {
    return backbone.name().toLowerCase(Locale.ROOT);
  }

  /** The properties that affect an image; part of every key. */
  public String identity() {
    return digest + " " + facts.canonicalText();
  }

  /** Loads the weights from their source. */
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
