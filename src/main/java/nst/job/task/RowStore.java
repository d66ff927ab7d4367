package nst.job.task;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nst.engine.StylizedImage;
import nst.image.codec.ImageEncoder;
import nst.image.record.Credits;
import nst.image.record.ImageRecord;
import nst.job.input.RowTimes;
import nst.model.Hyperparameters;
import nst.model.Setting.RecordedSources;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Image;
import nst.model.text.Sha256;
import nst.record.RecordedRequest;
import nst.record.RequestJson;
import nst.record.ResultJson;
import nst.storage.ObjectStore;

/** The last stage of a row: writes the image, with its record inside, in one operation. */
final class RowStore implements RowStages.Store {
  private final ObjectStore store;
  private final ImageReuse made;
  private final RecordedSources sources;

  /**
   * @param sources how the record inside an image names its inputs
   */
  RowStore(ObjectStore store, RecordedSources sources) {
    this.store = store;
    this.made = new ImageReuse(store);
    this.sources = sources;
  }

  @Override
  public TransferResult store(
      RowRecord row, RowInputs.Provenance madeFrom, StylizedImage stylized) {
    Hyperparameters h = row.row().request().hyperparameters();
    String uri = row.row().outputUri();
    Image image = image(row.origin(), h, madeFrom, stylized);
    TransferResult result = row.ok(image, stylized.losses());
    byte[] bytes =
        row.times()
            .time(
                RowTimes.Part.ENCODE,
                () ->
                    ImageEncoder.encode(
                        stylized.image(),
                        h.outputFormat(),
                        h.jpegQuality(),
                        pixelsSha256 ->
                            record(result, stylized, madeFrom.credits(), pixelsSha256)));
    Optional<RowInputs.Made> before =
        row.times().time(RowTimes.Part.WRITE, () -> written(row.row(), bytes));
    if (before.isPresent()) {
      return row.found(before.get());
    }
    return row.ok(image.stored(uri, Sha256.hex(bytes), bytes.length), stylized.losses());
  }

  /**
   * Writes the image unless one with the same key exists; then returns that image. If two runs
   * share an output and compute the same row, both must record the digest of the stored image.
   */
  private Optional<RowInputs.Made> written(PlannedRow row, byte[] bytes) {
    if (store.create(row.outputUri(), bytes)) {
      return Optional.empty();
    }
    Optional<RowInputs.Made> before = made.read(row);
    if (before.isEmpty()) {
      store.write(row.outputUri(), bytes);
    }
    return before;
  }

  private static Image image(
      RowOrigin origin, Hyperparameters h, RowInputs.Provenance madeFrom, StylizedImage stylized) {
    return new Image(
        "",
        "",
        0,
        stylized.image().width(),
        stylized.image().height(),
        stylized.iterations(),
        stylized.evaluations(),
        stylized.stopReason().name(),
        stylized.savedLosses().orElse(null),
        stylized.savedLosses().isPresent() ? (Double) stylized.initialTotalLoss() : null,
        madeFrom.contentSha256(),
        madeFrom.styleSha256(),
        origin.networks().get(h.backbone()).digest(),
        madeFrom.networkSha256(),
        origin.device(),
        stylized.precision().name().toLowerCase(Locale.ROOT),
        stylized.peakMemoryBytes(),
        TransferRequest.ALGORITHM_VERSION,
        madeFrom.warnings());
  }

  private ImageRecord record(
      TransferResult result, StylizedImage stylized, Credits credits, String pixelsSha256) {
    TransferRequest request = RecordedRequest.of(result.request(), sources);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", result.key());
    fields.put("run_id", result.runId());
    result
        .image()
        .map(Image::saved) // empty if it was not measured
        .ifPresent(saved -> fields.put("total_loss", Double.toString(saved.totalLoss())));
    stylized
        .enlargedFrom()
        .ifPresent(size -> fields.put("enlarged_from", size.width() + " x " + size.height()));
    request
        .hyperparameters()
        .values()
        .forEach((knob, value) -> fields.put(knob.key(), knob.domain().text(value)));
    if (!request.substitutedLayers().isEmpty()) {
      fields.put(RequestJson.SUBSTITUTED_LAYERS, request.substitutedLayers());
    }
    return new ImageRecord(ResultJson.write(result.of(request), pixelsSha256), fields, credits);
  }
}
