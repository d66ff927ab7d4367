package nst.job.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nst.job.TestResults;
import nst.job.TestSpark;
import nst.model.ErrorCode;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class JournalTest {
  @TempDir Path folder;
  private final ObjectStore store = TestSpark.session().store();

  @Test
  void flushesByCountAndAtTheEnd() {
    try (Journal.Writer journal = writer("1", 2, Duration.ofHours(1))) {
      journal.append(TestResults.ok("a"));
      assertThat(segments()).isEmpty();
      journal.append(TestResults.ok("b"));
      assertThat(segments()).hasSize(1);
      journal.append(TestResults.ok("c"));
    }
    assertThat(segments()).hasSize(2);
    assertThat(read().keySet()).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void flushesByAge() {
    Journal.Writer journal = writer("1", 100, Duration.ZERO);
    journal.append(TestResults.ok("a"));
    assertThat(segments()).hasSize(1);
  }

  @Test
  void aPictureThatWasMadeBeatsAFailureWhicheverCameLast() {
    try (Journal.Writer first = writer("1", 100, Duration.ofHours(1));
        Journal.Writer second = writer("2", 100, Duration.ofHours(1))) {
      first.append(TestResults.ok("a"));
      second.append(TestResults.failed("a", ErrorCode.TIMEOUT));
      second.append(TestResults.failed("b", ErrorCode.NOT_FOUND));
    }
    assertThat(read()).isEqualTo(Map.of("a", "OK", "b", "FAILED"));
  }

  @Test
  void holdsEveryMeasuredColumnOfTheTables() {
    try (Journal.Writer journal = writer("1", 1, Duration.ofHours(1))) {
      journal.append(TestResults.ok("a"));
    }
    Row row = read(1).rows().get(0);
    for (String column : Tables.MEASURED.fieldNames()) {
      boolean missing = column.equals("network_sha256"); // the row used no style network
      assertThat(row.isNullAt(row.fieldIndex(column))).as(column).isEqualTo(missing);
    }
    RowTable held = MetricsTable.losses(TestSpark.spark(), read(1));
    RowTable distributed = MetricsTable.losses(TestSpark.spark(), read(Long.MAX_VALUE));
    assertThat(held.schema().fieldNames()).containsExactly(Tables.LOSS.fieldNames());
    assertThat(held.schema()).isEqualTo(distributed.schema());
    assertThat(held.dataset().collectAsList())
        .isNotEmpty()
        .isEqualTo(distributed.dataset().collectAsList());
  }

  @Test
  void manySegmentsOfFewRowsAreReadInSpark() {
    try (Journal.Writer journal = writer("1", 1, Duration.ofHours(1))) {
      IntStream.range(0, 40).forEach(i -> journal.append(TestResults.ok("key" + i)));
    }
    assertThat(segments()).hasSize(40);
    assertThat(read().keySet()).hasSize(40);
  }

  @Test
  void isEmptyBeforeAnyTaskHasWritten() {
    assertThat(read()).isEmpty();
  }

  private Journal.Writer writer(String attempt, int rows, Duration age) {
    return new Journal.Writer(store, layout(), attempt, rows, age);
  }

  private List<String> segments() {
    List<String> found = new ArrayList<>();
    store.list(layout().journal()).forEachRemaining(found::add);
    return found;
  }

  private Map<String, String> read() {
    Map<String, String> held = statuses(read(100).rows());
    assertThat(statuses(read(Long.MAX_VALUE).dataset().collectAsList())).isEqualTo(held);
    return held;
  }

  private static Map<String, String> statuses(List<Row> results) {
    return results.stream()
        .collect(Collectors.toMap(row -> row.getAs("key"), row -> row.getAs("status")));
  }

  /** The driver holds the results of few rows. */
  private RowTable read(long rows) {
    return Journal.read(TestSpark.spark(), store, layout(), rows);
  }

  private OutputLayout layout() {
    return new OutputLayout("file:" + folder, "2026-01-01", "run");
  }
}
