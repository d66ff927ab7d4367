package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import nst.job.executor.Progress;
import nst.job.task.WatchedRow;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.TransferException;
import nst.model.TransferResult.Status;
import nst.report.LiveReport;
import nst.report.LiveReport.State;
import nst.report.PageImage;
import nst.storage.ForwardingStore;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.RetryCounters;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWatchTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final PageImage PICTURE = PageImage.jpeg(new byte[] {1, 2, 3}, 20, 10);

  @TempDir Path output;
  private final WatchedRows rows = new WatchedRows();
  private final Progress progress = new Progress(500, 1000, new RetryCounters(0, 0));
  private final ObjectStore files = new HadoopObjectStore(new Configuration(false));

  @Test
  void thePageShowsRowsInWorkAndFinishedRows() {
    finish("r1", Status.OK, "");
    finish("r2", Status.FAILED, "NOT_FOUND");
    rows.add(new WatchedRow.InWork("key-r3", "r3", 12, 30, 0.5, PICTURE));
    try (RunWatch watch = watch(files)) {
      watch.write(State.RUNNING);

      assertThat(page())
          .contains("In progress.", "2 of 500 rows", "http-equiv=\"refresh\" content=\"86400\"")
          .contains("r3", "step 12 of 30", PICTURE.getDataUri())
          .contains("src=\"../../../../images/v1/ke/key-r1.png\"", "content 0.25, style 0.75")
          .contains("NOT_FOUND", "<b>r2</b>", "no photo");
    }
  }

  @Test
  void itsLastVersionSaysWhetherTheRowsAreFinished() {
    try (RunWatch watch = watch(files)) {
      watch.write(State.RUNNING);
    }
    assertThat(page()).contains("The run has stopped.").doesNotContain("refresh");

    try (RunWatch watch = watch(files)) {
      watch.over();
    }
    assertThat(page()).contains("All rows are finished.", "refresh").doesNotContain("stopped");
  }

  @Test
  void withoutAPeriodThereIsNoPage() {
    OutputLayout layout = layout();
    RunWatch.start(files, layout, Duration.ZERO, rows, progress).close();

    assertThat(files.exists(layout.page())).isFalse();
  }

  @Test
  void aStoreThatFailsDoesNotEndTheRun() {
    ObjectStore full =
        new ForwardingStore(files) {
          @Override
          public void write(String uri, byte[] bytes) {
            throw new TransferException(ErrorCode.IO_ERROR, "no space left");
          }
        };
    try (RunWatch watch = watch(full)) {
      watch.write(State.RUNNING);
      watch.write(State.RUNNING);
      watch.over();
    }
    assertThat(files.exists(layout().page())).isFalse();
  }

  @Test
  void onlyTheNewestRowsAreKept() {
    for (int i = 0; i < 1000; i++) {
      finish("r" + i, i % 2 == 0 ? Status.OK : Status.FAILED, "INTERNAL");
      rows.add(new WatchedRow.InWork("w" + i, "w" + i, 0, 30, 1, PICTURE));
    }
    assertThat(rows.done()).hasSize(WatchedRows.MOST).first().extracting("id").isEqualTo("r998");
    assertThat(rows.failed()).hasSize(WatchedRows.MOST).first().extracting("id").isEqualTo("r999");
    assertThat(rows.inWork())
        .hasSize(WatchedRows.MOST_IN_WORK)
        .last()
        .extracting("id")
        .isEqualTo("w999");
  }

  @Test
  void aRowIsInWorkUntilItIsFinished() {
    rows.add(new WatchedRow.InWork("key-r1", "r1", 0, 30, 1, PICTURE));
    rows.add(new WatchedRow.InWork("key-r2", "r2", 0, 30, 1, PICTURE));
    rows.add(new WatchedRow.InWork("key-r2", "r2", 7, 30, 1, PICTURE));
    assertThat(rows.inWork()).extracting(LiveReport.InWork::iteration).containsExactly(0, 7);

    finish("r1", Status.OK, "");
    finish("r2", Status.FAILED, "INTERNAL");
    assertThat(rows.inWork()).isEmpty();
  }

  private void finish(String id, Status status, String code) {
    LossSample saved = new LossSample(64, 30, 31, 0.25, 0.75, 0, 1, Map.of(), 1, 1, 0);
    String message = code.isEmpty() ? "" : "no photo";
    String uri = layout().output() + "/images/v1/ke/key-" + id + ".png";
    rows.add(new WatchedRow.Done("key-" + id, id, status, code, message, uri, saved));
    progress.add(
        new Progress.RowDone(
            "key-" + id, status, code, 1, 1, new Progress.Health("1", 0, new RetryCounters(0, 0))));
  }

  private OutputLayout layout() {
    return new OutputLayout("file:" + output, "2026-01-01", "night");
  }

  /** A watch that writes only when the test says so. */
  private RunWatch watch(ObjectStore store) {
    return RunWatch.of(store, layout(), NEVER, rows, progress);
  }

  private String page() {
    return new String(files.read(layout().page(), 1 << 20), StandardCharsets.UTF_8);
  }
}
