package nst.job;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import nst.model.RunConfig;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;

/**
 * A run in the session of the tests, without the command line.
 *
 * @param folder of the manifest; the output is below it
 */
record SmallRun(Path folder) {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);
  private static final String ID = "run";

  RunSummary of(Path manifest, RunConfig config) {
    RunOptions options = new RunOptions("file:" + manifest, output(), ID, DAY, config);
    return new StyleTransferJob(TestSpark.session(), options, RunObserver.NONE).run();
  }

  String output() {
    return "file:" + folder.resolve("out");
  }

  OutputLayout layout() {
    return new OutputLayout(output(), DAY.toString(), ID);
  }

  /** The rows of {@code metrics} by id. */
  Map<String, Row> metrics() {
    return byId(layout().metrics());
  }

  /** The rows of a table by id. */
  static Map<String, Row> byId(String table) {
    Map<String, Row> rows = new TreeMap<>();
    for (Row row : TestSpark.spark().read().parquet(table).collectAsList()) {
      rows.put(row.getAs("id"), row);
    }
    return rows;
  }
}
