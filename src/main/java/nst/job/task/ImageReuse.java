package nst.job.task;

import java.util.Optional;
import nst.model.Redactor;
import nst.model.TransferException;
import nst.model.TransferResult;
import nst.model.text.Sha256;
import nst.record.ImageRecords;
import nst.record.ImageRecords.WithoutDigest;
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
      TransferResult record = ImageRecords.matching(bytes, row.key(), WithoutDigest.REJECT);
      return Optional.of(new RowInputs.Made(record, Sha256.hex(bytes), bytes.length));
    } catch (TransferException | IllegalArgumentException e) {
      LOG.warn("{} will be replaced: {}", row.outputUri(), Redactor.of(e.getMessage()));
      return Optional.empty();
    }
  }
}
