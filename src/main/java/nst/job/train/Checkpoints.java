package nst.job.train;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nst.engine.stylenetwork.TrainingCheckpoint;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.record.TrainingLog;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two checkpoints of a training. The mark is written at fixed steps, so that a training returns
 * to the same step whenever it was interrupted. The latest is written at times between.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final long MAX_BYTES = 1L << 30;

  private final ObjectStore store;
  private final NetworkLayout layout;

  /** A checkpoint with the log that it carries. */
  record Saved(TrainingCheckpoint training, TrainingLog log) {}

  Checkpoints(ObjectStore store, NetworkLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  /** The checkpoint that is furthest; empty if there is none that can be read. */
  Optional<Saved> furthest() {
    return Stream.of(layout.mark(), layout.latest())
        .flatMap(uri -> read(uri).stream())
        .max(
            Comparator.comparingInt((Saved saved) -> saved.log().halvings())
                .thenComparingLong(saved -> saved.training().steps()));
  }

  /**
   * The mark.
   *
   * @throws IllegalStateException if it is gone
   */
  Saved mark() {
    return read(layout.mark())
        .orElseThrow(() -> new IllegalStateException("expected the checkpoint " + layout.mark()));
  }

  void writeMark(TrainingCheckpoint training) {
    store.write(layout.mark(), training.encoded());
  }

  void writeLatest(TrainingCheckpoint training) {
    store.write(layout.latest(), training.encoded());
  }

  /** Deletes both. */
  void delete() {
    List.of(layout.latest(), layout.mark()).forEach(store::delete);
  }

  private Optional<Saved> read(String uri) {
    byte[] bytes;
    try {
      bytes = store.read(uri, MAX_BYTES);
    } catch (TransferException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
    try {
      TrainingCheckpoint training = TrainingCheckpoint.of(uri, bytes);
      return Optional.of(new Saved(training, TrainingLog.read(training.network().recipe())));
    } catch (IllegalArgumentException e) {
      LOG.warn("The checkpoint {} cannot be used: {}", uri, e.getMessage());
      return Optional.empty();
    }
  }
}
