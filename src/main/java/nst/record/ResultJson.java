package nst.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Image;
import nst.model.TransferResult.Place;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;

/**
 * The JSON of a {@link TransferResult}: one object without nested parts, because its fields are the
 * columns of the journal. It is a line of the journal and the record in an image.
 */
public final class ResultJson {
  /** The field of an image's record that says which pixels it belongs to. */
  private static final String PIXELS_SHA256 = "pixels_sha256";

  private static final String WHAT = "the record of an image";

  /** The first fields. */
  private record Head(
      String key,
      String runId,
      Status status,
      @JsonInclude(Include.NON_NULL) ErrorCode errorCode,
      @JsonInclude(Include.NON_NULL) String errorMessage,
      @JsonInclude(Include.NON_NULL) Boolean retryable) {}

  /** The last fields. */
  private record Tail(
      RequestJson request,
      List<LossSample> losses,
      @JsonInclude(Include.NON_EMPTY) String pixelsSha256) {}

  private ResultJson() {}

  /** A line of the journal. */
  public static String write(TransferResult result) {
    return write(result, "");
  }

  /**
   * The record in an image.
   *
   * @param pixelsSha256 the image's {@link nst.image.codec.PixelDigest}
   */
  public static String write(TransferResult result, String pixelsSha256) {
    Optional<ErrorCode> code = result.failure().map(Failure::code);
    ObjectNode node =
        Json.tree(
            new Head(
                result.key(),
                result.runId(),
                result.status(),
                code.orElse(null),
                result.failure().map(Failure::message).orElse(null),
                code.map(ErrorCode::isRetryable).orElse(null)));
    result.image().ifPresent(image -> node.setAll(columns(image)));
    node.setAll(Json.tree(result.timings()));
    node.setAll(Json.tree(result.place()));
    RequestJson request = RequestJson.full(result.request());
    node.setAll(Json.tree(new Tail(request, result.losses(), pixelsSha256)));
    return Json.line(node);
  }

  /** The fields of an image. The losses of the saved image are columns too. */
  private static ObjectNode columns(Image image) {
    ObjectNode fields = Json.tree(image);
    ObjectNode saved = (ObjectNode) fields.get("saved"); // null without measured losses
    ObjectNode columns = fields.objectNode();
    fields
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getKey().equals("saved")) {
                columns.setAll(
                    saved.deepCopy().retain("content_loss", "style_loss", "tv_loss", "total_loss"));
              } else {
                columns.set(field.getKey(), field.getValue());
              }
            });
    return saved == null ? columns : columns.set("saved", saved);
  }

  /**
   * The digest of the pixels that a record belongs to; empty if the version that wrote it did not
   * add one.
   *
   * @throws IllegalArgumentException if the text is not JSON
   */
  public static Optional<String> pixelsSha256(String json) {
    return Optional.ofNullable(Json.read(json, WHAT).get(PIXELS_SHA256)).map(JsonNode::asText);
  }

  /**
   * Reads the output of {@link #write}.
   *
   * @throws IllegalArgumentException if the text is not a record of this version
   */
  public static TransferResult read(String json) {
    JsonNode node = Json.read(json, WHAT);
    Head head = Json.read(node, Head.class, WHAT);
    Tail tail = Json.read(node, Tail.class, WHAT);
    return new TransferResult(
        head.key,
        head.runId,
        head.status,
        Optional.ofNullable(head.errorCode).map(code -> new Failure(code, head.errorMessage)),
        tail.request.request(Preset.BALANCED.hyperparameters()),
        node.has("width") ? Optional.of(Json.read(node, Image.class, WHAT)) : Optional.empty(),
        Json.read(node, Timings.class, WHAT),
        Json.read(node, Place.class, WHAT),
        tail.losses);
  }
}
