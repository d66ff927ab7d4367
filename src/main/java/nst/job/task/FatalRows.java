package nst.job.task;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import nst.model.TransferResult;
import nst.record.ResultJson;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;

/**
 * Rows for which a process had to be ended. Each is stored in its own journal segment, under a name
 * that the task's next attempt can look up, so that it does not get stuck on the same row.
 *
 * @param application Spark's application id; a later invocation of the run may try the row again
 */
record FatalRows(ObjectStore store, OutputLayout layout, String application) {
  private static final long MAX_BYTES = 16L << 20;

  /** Records the failure of a row. */
  void record(TransferResult failed) {
    store.write(
        uri(failed.key()), (ResultJson.write(failed) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The result that an earlier attempt in this application recorded for a key, if any. */
  Optional<TransferResult> of(String key) {
    String uri = uri(key);
    return store.exists(uri)
        ? Optional.of(
            ResultJson.read(new String(store.read(uri, MAX_BYTES), StandardCharsets.UTF_8)))
        : Optional.empty();
  }

  private String uri(String key) {
    return layout.journal() + "/stuck-" + application + "-" + key + ".jsonl";
  }
}
