package nst.job.task;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import nst.model.TransferResult;
import nst.record.ResultJson;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;

/**
 * Rows for which a process had to be ended. Each is a journal segment of its own, under a name that
 * the task's next attempt can ask for: it must not get stuck on the same row again.
 *
 * @param application Spark's id of it: a later invocation of the run may try the row again
 */
record FatalRows(ObjectStore store, OutputLayout layout, String application) {
  private static final long MAX_BYTES = 16L << 20;

  /** Says for good that the row failed. */
  void record(TransferResult failed) {
    store.write(
        uri(failed.key()), (ResultJson.write(failed) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** What an earlier attempt of this application's recorded. */
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
