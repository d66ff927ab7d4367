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

/** Pictures that are there already, each with its record inside. */
final class ImageReuse {
  private static final Logger LOG = LoggerFactory.getLogger(ImageReuse.class);

  private final ObjectStore store;

  ImageReuse(ObjectStore store) {
    this.store = store;
  }

  /** The record of a picture that another attempt or another run has written. */
  Optional<RowInputs> find(PlannedRow row) {
    return store.exists(row.outputUri()) ? read(row).map(made -> made) : Optional.empty();
  }

  /** The record inside the object that is there; empty where it is no picture of this row. */
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
   * The record in a picture of this key, where it fits the picture's pixels.
   *
   * @throws IllegalArgumentException with what is wrong with the record
   * @throws TransferException where the bytes are no image, or a damaged one
   */
  private static TransferResult record(byte[] bytes, String key) {
    String json =
        ImageRecordReader.read(bytes)
            .orElseThrow(() -> new IllegalArgumentException("expected a record in it, found none"));
    TransferResult record = ResultJson.read(json);
    if (!record.key().equals(key)) {
      throw new IllegalArgumentException("expected the record of " + key + ", was " + record.key());
    }
    String told =
        ResultJson.pixelsSha256(json)
            .orElseThrow(
                () -> new IllegalArgumentException("expected a digest of its pixels, found none"));
    String found = PixelDigest.of(bytes);
    if (!told.equals(found)) {
      throw new IllegalArgumentException(
          "expected the pixels of its record, " + told + ", were " + found);
    }
    return record;
  }
}
