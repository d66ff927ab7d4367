package nst.job;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import nst.engine.Stylized;
import nst.image.ImageEncoder;
import nst.image.ImageRecord;
import nst.model.Hyperparameters;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Picture;
import nst.storage.ObjectStore;

/** The last stage of a row: the picture, with its own record inside, goes out in one write. */
final class RowStore {
  private final ObjectStore store;

  RowStore(ObjectStore store) {
    this.store = store;
  }

  /**
   * @throws nst.model.TransferException where it cannot be written
   */
  TransferResult store(RowRecord row, RowStages.Digests digests, Stylized stylized) {
    Hyperparameters h = row.row().request().hyperparameters();
    String uri = row.row().outputUri();
    Picture picture = picture(row.origin(), digests, stylized);
    ImageRecord record = record(row.ok(picture, stylized.losses()));
    byte[] bytes =
        row.times()
            .time(
                RowTimes.Part.ENCODE,
                () ->
                    ImageEncoder.encode(
                        stylized.image(), h.outputFormat(), h.jpegQuality(), record));
    row.times()
        .time(
            RowTimes.Part.WRITE,
            () -> {
              store.write(uri, bytes);
              return uri;
            });
    return row.ok(
        picture.stored(uri, TransferRequest.sha256(bytes), bytes.length), stylized.losses());
  }

  private static Picture picture(RowOrigin origin, RowStages.Digests digests, Stylized stylized) {
    return new Picture(
        "",
        "",
        0,
        stylized.image().width(),
        stylized.image().height(),
        stylized.iterations(),
        stylized.evaluations(),
        stylized.stopReason().name(),
        stylized.saved(),
        stylized.initialTotalLoss(),
        digests.content(),
        digests.styles(),
        origin.weightsSha256(),
        origin.device(),
        stylized.precision().name().toLowerCase(Locale.ROOT),
        stylized.peakMemoryBytes(),
        TransferRequest.ALGORITHM_VERSION);
  }

  private static ImageRecord record(TransferResult result) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", result.key());
    fields.put("run_id", result.runId());
    result
        .picture()
        .ifPresent(
            picture -> fields.put("total_loss", Double.toString(picture.saved().totalLoss())));
    result
        .request()
        .hyperparameters()
        .values()
        .forEach((knob, value) -> fields.put(knob.key(), knob.domain().text(value)));
    return new ImageRecord(ResultJson.write(result), fields);
  }
}
