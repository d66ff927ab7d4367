package nst.record;

import java.util.EnumMap;
import java.util.List;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Setting.RecordedSources;
import nst.model.TransferRequest;

/**
 * A request as an image's own record tells it. An image goes to people who need not know the
 * folders, buckets and accounts that its inputs came from; the tables stay behind and have them.
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

  /** What follows the last slash. */
  private static String name(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }
}
