package nst.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.TransferRequest;

/**
 * A {@link TransferRequest} as JSON: in the plan only what the row itself states, in records every
 * value.
 */
public final class RequestJson {
  /** The name of the column and the field. */
  public static final String SUBSTITUTED_LAYERS = "substituted_layers";

  private static final ObjectMapper JSON = new ObjectMapper();

  private RequestJson() {}

  /**
   * What a row states, against what it would have got anyway.
   *
   * @param defaults the values that {@link #read} will be given
   */
  public static String write(TransferRequest request, Hyperparameters defaults) {
    ObjectNode node = node(request, differences(request.hyperparameters(), defaults));
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text always writes", e);
    }
  }

  public static TransferRequest read(String json, Hyperparameters defaults) {
    try {
      return read(JSON.readTree(json), defaults);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected the JSON of a request, was " + json, e);
    }
  }

  /** Every value stated: readable without knowing any default. */
  static ObjectNode full(TransferRequest request) {
    return node(request, request.hyperparameters().values());
  }

  public static TransferRequest read(JsonNode node, Hyperparameters defaults) {
    List<TransferRequest.Style> styles = new ArrayList<>();
    node.get("styles")
        .forEach(
            style ->
                styles.add(
                    new TransferRequest.Style(
                        style.get("uri").asText(),
                        style.get("weight").asDouble(),
                        style.path("mask").asText(),
                        style.path("style_mask").asText())));
    EnumMap<Knob, Object> stated = new EnumMap<>(Knob.class);
    node.get("knobs")
        .fields()
        .forEachRemaining(
            entry ->
                Knob.named(entry.getKey())
                    .ifPresent(
                        knob -> stated.put(knob, knob.domain().parse(entry.getValue().asText()))));
    return new TransferRequest(
        node.get("id").asText(),
        node.get("content").asText(),
        node.path("content_version").asText(),
        styles,
        defaults.with(stated),
        node.path(SUBSTITUTED_LAYERS).asText());
  }

  private static ObjectNode node(TransferRequest request, Map<Knob, Object> knobs) {
    ObjectNode node = JSON.createObjectNode();
    node.put("id", request.id());
    node.put("content", request.content());
    if (!request.contentVersion().isEmpty()) {
      node.put("content_version", request.contentVersion());
    }
    var styles = node.putArray("styles");
    for (TransferRequest.Style style : request.styles()) {
      ObjectNode entry = styles.addObject().put("uri", style.uri()).put("weight", style.weight());
      if (!style.mask().isEmpty()) {
        entry.put("mask", style.mask());
      }
      if (!style.styleMask().isEmpty()) {
        entry.put("style_mask", style.styleMask());
      }
    }
    if (!request.substitutedLayers().isEmpty()) {
      node.put(SUBSTITUTED_LAYERS, request.substitutedLayers());
    }
    ObjectNode values = node.putObject("knobs");
    knobs.forEach((knob, value) -> values.put(knob.key(), knob.domain().text(value)));
    return node;
  }

  private static Map<Knob, Object> differences(Hyperparameters values, Hyperparameters defaults) {
    EnumMap<Knob, Object> differing = new EnumMap<>(values.values());
    differing
        .entrySet()
        .removeIf(entry -> entry.getValue().equals(defaults.values().get(entry.getKey())));
    return differing;
  }
}
