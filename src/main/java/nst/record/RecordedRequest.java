package nst.record;

import java.util.EnumMap;
import java.util.List;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Setting.RecordedSources;
import nst.model.TransferRequest;

/**
 * Prepares a request for the record inside an image. Images are given to other people, so by
 * default the record contains only the names of the inputs and not their folders, buckets and
 * accounts. The tables contain the whole URIs.
 */
public final class RecordedRequest {
  private RecordedRequest() {}

  public static TransferRequest of(TransferRequest request, RecordedSources sources) {
    return switch (sources) {
      case URI -> request;
      case NAME -> named(request);
    };
  }

  private static TransferRequest named(TransferRequest request) {
    List<TransferRequest.Style> styles =
        request.styles().stream()
            .map(
                style ->
                    new TransferRequest.Style(
                        name(style.uri()),
                        style.weight(),
                        name(style.mask()),
                        name(style.styleMask())))
            .toList();
    Hyperparameters h = request.hyperparameters();
    EnumMap<Knob, Object> named = new EnumMap<>(Knob.class);
    Knob.ofUris().forEach(knob -> named.put(knob, name(h.text(knob))));
    return new TransferRequest(
        request.id(),
        name(request.content()),
        request.contentVersion(),
        styles,
        h.with(named),
        request.substitutedLayers());
  }

  /** Returns the part after the last slash. */
  private static String name(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }
}
