package nst.job.task;

import java.util.Optional;
import nst.image.codec.PixelDigest;
import nst.image.record.ImageRecordReader;
import nst.model.Redactor;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.record.ResultJson;
import nst.storage.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds existing images by the record that each contains. */
final class ImageReuse {
  private static final Logger LOG = LoggerFactory.getLogger(ImageReuse.class);

  private final ObjectStore store;

  ImageReuse(ObjectStore store) {
    this.store = store;
  }

  /** The record of the row's image, if another attempt or another run has written it. */
  Optional<RowInputs> find(PlannedRow row) {
    return store.exists(row.outputUri()) ? read(row).map(made -> made) : Optional.empty();
  }

  /** The record inside the existing object; empty if it is not a valid image of this row. */
  Optional<RowInputs.Made> read(PlannedRow row) {
    byte[] bytes = store.read(row.outputUri(), Long.MAX_VALUE);
    try {
      TransferResult record = record(bytes, row.key());
      return Optional.of(new RowInputs.Made(record, TransferRequest.sha256(bytes), bytes.length));
    } catch (TransferException | IllegalArgumentException e) {
      LOG.warn("{} will be replaced: {}", row.outputUri(), Redactor.of(e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * The record in an image, if it matches the key and the image's pixels.
   *
   * @throws IllegalArgumentException if the record is missing or does not match
   * @throws TransferException if the bytes are not an image, or a damaged one
   */
  private static TransferResult record(byte[] bytes, String key) {
    String json =
        ImageRecordReader.read(bytes)
            .orElseThrow(
                () -> new IllegalArgumentException("expected an image record, found none"));
    TransferResult record = ResultJson.read(json);
    if (!record.key().equals(key)) {
      throw new IllegalArgumentException("expected the record of " + key + ", was " + record.key());
    }
    String told =
        ResultJson.pixelsSha256(json)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "expected a digest of the pixels in the record, found none"));
    String found = PixelDigest.of(bytes);
    if (!told.equals(found)) {
      throw new IllegalArgumentException(
          "expected pixels with the digest in the record, " + told + ", was " + found);
    }
    return record;
  }
}
