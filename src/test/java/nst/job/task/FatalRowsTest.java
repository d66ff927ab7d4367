package nst.job.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import nst.job.TestResults;
import nst.job.TestSpark;
import nst.job.table.Journal;
import nst.model.ErrorCode;
import nst.model.TransferResult;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FatalRowsTest {
  @TempDir Path folder;
  private final ObjectStore store = TestSpark.session().store();

  @Test
  void theNextAttemptReadsTheFailureFromTheJournal() {
    TransferResult failed = TestResults.failed("k", ErrorCode.TIMEOUT);
    rows("app-1").record(failed);

    assertThat(rows("app-1").of("k")).contains(failed);
    Row word = Journal.read(TestSpark.spark(), store, layout(), 1).rows().get(0);
    assertThat(word.<String>getAs("key")).isEqualTo("k");
    assertThat(word.<String>getAs("error_code")).isEqualTo("TIMEOUT");
  }

  @Test
  void aLaterInvocationMayTryTheRowAgain() {
    rows("app-1").record(TestResults.failed("k", ErrorCode.TIMEOUT));
    assertThat(rows("app-2").of("k")).isEmpty();
    assertThat(rows("app-1").of("another")).isEmpty();
  }

  private FatalRows rows(String application) {
    return new FatalRows(store, layout(), application);
  }

  private OutputLayout layout() {
    return new OutputLayout("file:" + folder, "2026-01-01", "run");
  }
}
