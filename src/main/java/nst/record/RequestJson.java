package nst.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.TransferRequest;

/**
 * The JSON of a {@link TransferRequest}. The plan contains only the values that differ from the
 * defaults of the run; records contain all values.
 *
 * @param knobs names and values as in the manifest
 */
public record RequestJson(
    String id,
    String content,
    @JsonInclude(Include.NON_EMPTY) String contentVersion,
    List<TransferRequest.Style> styles,
    @JsonInclude(Include.NON_EMPTY) String substitutedLayers,
    Map<String, String> knobs) {
  /** The name of the column and of the field. */
  public static final String SUBSTITUTED_LAYERS = "substituted_layers";

  /**
   * Writes the values that differ from the defaults.
   *
   * @param defaults the values that {@link #read} will be given
   */
  public static String write(TransferRequest request, Hyperparameters defaults) {
    EnumMap<Knob, Object> differing = new EnumMap<>(request.hyperparameters().values());
    differing
        .entrySet()
        .removeIf(entry -> entry.getValue().equals(defaults.values().get(entry.getKey())));
    return Json.line(of(request, differing));
  }

  /**
   * Reads the output of {@link #write}.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  public static TransferRequest read(String json, Hyperparameters defaults) {
    String what = "the JSON of a request";
    return Json.read(Json.read(json, what), RequestJson.class, what).request(defaults);
  }

  /** Writes all values, so that the record can be read without the defaults. */
  static RequestJson full(TransferRequest request) {
    return of(request, request.hyperparameters().values());
  }

  /** The request, with defaults for the values that are not given. Unknown knobs are ignored. */
  TransferRequest request(Hyperparameters defaults) {
    EnumMap<Knob, Object> stated = new EnumMap<>(Knob.class);
    knobs.forEach(
        (key, text) ->
            Knob.named(key).ifPresent(knob -> stated.put(knob, knob.domain().parse(text))));
    return new TransferRequest(
        id, content, contentVersion, styles, defaults.with(stated), substitutedLayers);
  }

  private static RequestJson of(TransferRequest request, Map<Knob, Object> values) {
    Map<String, String> knobs = new LinkedHashMap<>();
    values.forEach((knob, value) -> knobs.put(knob.key(), knob.domain().text(value)));
    return new RequestJson(
        request.id(),
        request.content(),
        request.contentVersion(),
        request.styles(),
        request.substitutedLayers(),
        knobs);
  }
}
