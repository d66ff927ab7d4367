package nst.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.table.Tables;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Picture;
import nst.model.TransferResult.Place;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.model.knob.Layer;

/**
 * A {@link TransferResult} as one line of JSON: the journal's line and the record that a picture
 * carries. The names are the columns of {@link Tables}.
 */
public final class ResultJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  /** The field of a picture's record that says which pixels it belongs to. */
  static final String PIXELS_SHA256 = "pixels_sha256";

  public static String write(TransferResult result) {
    return text(node(result));
  }

  /**
   * The record that a picture carries.
   *
   * @param pixelsSha256 the picture's {@link nst.image.codec.PixelDigest}
   */
  public static String write(TransferResult result, String pixelsSha256) {
    return text(node(result).put(PIXELS_SHA256, pixelsSha256));
  }

  /**
   * The digest of the pixels that a record belongs to; empty where the version that wrote it gave
   * none.
   *
   * @throws IllegalArgumentException where the text is no JSON
   */
  public static Optional<String> pixelsSha256(String json) {
    try {
      return Optional.ofNullable(JSON.readTree(json).get(PIXELS_SHA256)).map(JsonNode::asText);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected the record of a picture: " + e.getMessage(), e);
    }
  }

  private static ObjectNode node(TransferResult result) {
    ObjectNode node = JSON.createObjectNode();
    node.put("key", result.key());
    node.put("run_id", result.runId());
    node.put("status", result.status().name());
    result
        .failure()
        .ifPresent(
            failure -> {
              node.put("error_code", failure.code().name());
              node.put("error_message", failure.message());
              node.put("retryable", failure.code().isRetryable());
            });
    result.picture().ifPresent(picture -> write(node, picture));
    Timings timings = result.timings();
    node.put("read_ms", timings.readMs());
    node.put("decode_ms", timings.decodeMs());
    node.put("optimize_ms", timings.optimizeMs());
    node.put("encode_ms", timings.encodeMs());
    node.put("write_ms", timings.writeMs());
    Place place = result.place();
    node.put("host", place.host());
    node.put("executor_id", place.executorId());
    node.put("attempt", place.attempt());
    node.put("started_at", place.startedAt().toString());
    node.put("finished_at", place.finishedAt().toString());
    node.set("request", RequestJson.full(result.request()));
    var losses = node.putArray("losses");
    result.losses().forEach(sample -> losses.add(write(sample)));
    return node;
  }

  private static String text(ObjectNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text and numbers always writes", e);
    }
  }

  /**
   * Reads what {@link #write(TransferResult)} wrote.
   *
   * @throws IllegalArgumentException where the text is no record of this version
   */
  public static TransferResult read(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      List<LossSample> losses = new ArrayList<>();
      node.get("losses").forEach(sample -> losses.add(readSample(sample)));
      TransferRequest request =
          RequestJson.read(node.get("request"), Preset.BALANCED.hyperparameters());
      return new TransferResult(
          node.get("key").asText(),
          node.get("run_id").asText(),
          Status.valueOf(node.get("status").asText()),
          node.has("error_code")
              ? Optional.of(
                  new Failure(
                      ErrorCode.valueOf(node.get("error_code").asText()),
                      node.get("error_message").asText()))
              : Optional.empty(),
          request,
          node.has("width") ? Optional.of(readPicture(node)) : Optional.empty(),
          new Timings(
              node.get("read_ms").asLong(),
              node.get("decode_ms").asLong(),
              node.get("optimize_ms").asLong(),
              node.get("encode_ms").asLong(),
              node.get("write_ms").asLong()),
          new Place(
              node.get("host").asText(),
              node.get("executor_id").asText(),
              node.get("attempt").asInt(),
              Instant.parse(node.get("started_at").asText()),
              Instant.parse(node.get("finished_at").asText())),
          losses);
    } catch (JsonProcessingException | RuntimeException e) {
      throw new IllegalArgumentException("expected the record of a picture: " + e.getMessage(), e);
    }
  }

  private static void write(ObjectNode node, Picture picture) {
    node.put("output_uri", picture.uri());
    node.put("output_sha256", picture.sha256());
    node.put("output_bytes", picture.bytes());
    node.put("width", picture.width());
    node.put("height", picture.height());
    node.put("iterations", picture.iterations());
    node.put("evaluations", picture.evaluations());
    node.put("stop_reason", picture.stopReason());
    node.put("content_loss", picture.saved().contentLoss());
    node.put("style_loss", picture.saved().styleLoss());
    node.put("tv_loss", picture.saved().tvLoss());
    node.put("total_loss", picture.saved().totalLoss());
    node.put("initial_total_loss", picture.initialTotalLoss());
    node.put("content_sha256", picture.contentSha256());
    var styles = node.putArray("style_sha256");
    picture.styleSha256().forEach(styles::add);
    node.put("weights_sha256", picture.weightsSha256());
    node.put("device", picture.device());
    node.put("precision", picture.precision());
    node.put("peak_memory_bytes", picture.peakMemoryBytes());
    node.put("algorithm_version", picture.algorithmVersion());
    var warnings = node.putArray("input_warnings");
    picture.inputWarnings().forEach(warnings::add);
    node.set("saved", write(picture.saved()));
  }

  private static Picture readPicture(JsonNode node) {
    List<String> styles = new ArrayList<>();
    node.get("style_sha256").forEach(style -> styles.add(style.asText()));
    List<String> warnings = new ArrayList<>(); // pictures of algorithm 2 have none
    node.path("input_warnings").forEach(warning -> warnings.add(warning.asText()));
    return new Picture(
        node.get("output_uri").asText(),
        node.get("output_sha256").asText(),
        node.get("output_bytes").asLong(),
        node.get("width").asInt(),
        node.get("height").asInt(),
        node.get("iterations").asInt(),
        node.get("evaluations").asInt(),
        node.get("stop_reason").asText(),
        readSample(node.get("saved")),
        node.get("initial_total_loss").asDouble(),
        node.get("content_sha256").asText(),
        styles,
        node.get("weights_sha256").asText(),
        node.get("device").asText(),
        node.get("precision").asText(),
        node.get("peak_memory_bytes").asLong(),
        node.get("algorithm_version").asInt(),
        warnings);
  }

  private static ObjectNode write(LossSample sample) {
    ObjectNode node = JSON.createObjectNode();
    node.put("scale", sample.scale());
    node.put("iteration", sample.iteration());
    node.put("evaluations", sample.evaluations());
    node.put("content_loss", sample.contentLoss());
    node.put("style_loss", sample.styleLoss());
    node.put("tv_loss", sample.tvLoss());
    node.put("total_loss", sample.totalLoss());
    ObjectNode layers = node.putObject("style_loss_by_layer");
    sample.styleLossByLayer().forEach((layer, loss) -> layers.put(layer.label(), loss));
    node.put("gradient_norm", sample.gradientNorm());
    node.put("learning_rate", sample.learningRate());
    node.put("elapsed_ms", sample.elapsedMillis());
    return node;
  }

  private static LossSample readSample(JsonNode node) {
    Map<Layer, Double> layers = new EnumMap<>(Layer.class);
    node.get("style_loss_by_layer")
        .fields()
        .forEachRemaining(
            entry ->
                layers.put(Layer.named(entry.getKey()).orElseThrow(), entry.getValue().asDouble()));
    return new LossSample(
        node.get("scale").asInt(),
        node.get("iteration").asInt(),
        node.get("evaluations").asInt(),
        node.get("content_loss").asDouble(),
        node.get("style_loss").asDouble(),
        node.get("tv_loss").asDouble(),
        node.get("total_loss").asDouble(),
        layers,
        node.get("gradient_norm").asDouble(),
        node.get("learning_rate").asDouble(),
        node.get("elapsed_ms").asLong());
  }
}
