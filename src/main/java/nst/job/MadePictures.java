package nst.job;

import java.util.Optional;
import nst.image.ImageRecordReader;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.storage.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pictures that are there already, each with its record inside. */
final class MadePictures {
  private static final Logger LOG = LoggerFactory.getLogger(MadePictures.class);

  private final ObjectStore store;

  MadePictures(ObjectStore store) {
    this.store = store;
  }

  /** The record of a picture that another attempt or another run has written. */
  Optional<Fetched> find(PlannedRow row) {
    return store.exists(row.outputUri()) ? read(row).map(made -> made) : Optional.empty();
  }

  /** The record inside the object that is there; empty where it is no picture of this row. */
  Optional<Fetched.Made> read(PlannedRow row) {
    byte[] bytes = store.read(row.outputUri(), Long.MAX_VALUE);
    Optional<TransferResult> record = ImageRecordReader.read(bytes).map(ResultJson::read);
    if (record.isEmpty() || !record.get().key().equals(row.key())) {
      LOG.warn("{} is no picture of ours: it will be replaced", row.outputUri());
      return Optional.empty();
    }
    return Optional.of(new Fetched.Made(record.get(), TransferRequest.sha256(bytes), bytes.length));
  }
}
