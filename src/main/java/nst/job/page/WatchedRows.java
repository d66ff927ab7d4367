package nst.job.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nst.job.task.WatchedRow;
import nst.model.TransferResult.Status;
import nst.report.LiveReport;

/**
 * What tasks have said about the rows of a run in progress. Only the newest rows are kept, so that
 * the memory does not grow with the run.
 */
public final class WatchedRows {
  /** The number of pictures and of failed rows on the page. */
  static final int MOST = 120;

  /** The number of rows in progress on the page; their pictures are inside it. */
  static final int MOST_IN_WORK = 60;

  private final Map<String, WatchedRow.InWork> inWork = new LinkedHashMap<>();
  private final Deque<WatchedRow.Done> done = new ArrayDeque<>();
  private final Deque<WatchedRow.Done> failed = new ArrayDeque<>();

  /** Adds a message of a task. */
  public synchronized void add(WatchedRow message) {
    inWork.remove(message.key());
    if (message instanceof WatchedRow.InWork row) {
      inWork.put(row.key(), row);
      removeOldest();
    } else if (message instanceof WatchedRow.Done row) {
      Deque<WatchedRow.Done> rows = row.status() == Status.FAILED ? failed : done;
      rows.addFirst(row);
      if (rows.size() > MOST) {
        rows.removeLast();
      }
    }
  }

  private void removeOldest() {
    if (inWork.size() > MOST_IN_WORK) {
      Iterator<String> keys = inWork.keySet().iterator();
      keys.next();
      keys.remove();
    }
  }

  /** The rows in progress. A row whose task was lost stays until another task has finished it. */
  synchronized List<LiveReport.InWork> inWork() {
    return inWork.values().stream()
        .map(
            row ->
                new LiveReport.InWork(
                    row.id(), row.iteration(), row.iterations(), row.totalLoss(), row.picture()))
        .toList();
  }

  /** The last failed rows, the last one first. */
  synchronized List<LiveReport.Failed> failed() {
    return failed.stream()
        .map(row -> new LiveReport.Failed(row.id(), row.code(), row.message()))
        .toList();
  }

  /** The last rows with a picture, the last one first. */
  synchronized List<LiveReport.Done> done() {
    return done.stream()
        .map(
            row ->
                new LiveReport.Done(
                    row.id(),
                    ReportPage.pathOf(row.outputUri()),
                    row.saved() == null
                        ? List.of()
                        : List.of(row.saved().contentLoss(), row.saved().styleLoss())))
        .toList();
  }
}
