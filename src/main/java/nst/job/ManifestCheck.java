package nst.job;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nst.job.cost.CostModel;
import nst.job.executor.Session;
import nst.job.manifest.ManifestFault;
import nst.job.manifest.ManifestTable;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.job.plan.Planner;
import nst.job.source.ManifestSource;
import nst.job.table.RowTable;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.TransferResult.Status;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Checks every row of a manifest as a run does, and lists the errors. It needs no device and reads
 * no image.
 */
public final class ManifestCheck {
  /** The largest number of listed errors. */
  private static final int MAX_ROWS_LISTED = 1000;

  private ManifestCheck() {}

  /**
   * Finds the errors in the rows of a manifest that do not depend on the images.
   *
   * @param source where the rows come from
   * @return the errors of the rows, if the columns are valid
   * @throws nst.model.InvalidInputException with all errors of the columns
   */
  public static List<Problem> rows(Session session, ManifestSource source, RunConfig config) {
    String manifest = source.uri();
    session.requireStorage("MANIFEST", manifest);
    SparkSession spark = session.spark();
    Networks networks =
        Networks.of(config, session.store(), ExecutionMode.of(spark.sparkContext().master()));
    ManifestTable table = ManifestTable.open(spark, source, config, networks);
    OutputLayout nowhere = new OutputLayout("file:/nowhere", "1970-01-01", "validate");
    Planner planner = new Planner(spark, config, nowhere, CostModel.builtIn(config.device()));
    Problems problems = new Problems();
    for (Row row : ManifestFault.named(manifest, () -> failed(planner.checked(table, networks)))) {
      problems.add(
          "row " + row.getLong(0) + " id=" + row.getString(1), row.getString(2), row.getString(3));
    }
    return problems.list();
  }

  /** Row number, id, error code and message of the first rows with an error. */
  private static List<Row> failed(RowTable checked) {
    if (!checked.isHeld()) {
      return checked
          .dataset()
          .where(col("status").equalTo(Status.FAILED.name()))
          .orderBy("row")
          .limit(MAX_ROWS_LISTED)
          .select("row", "id", "error_code", "error_message")
          .collectAsList();
    }
    int status = checked.schema().fieldIndex("status");
    int[] columns =
        Stream.of("row", "id", "error_code", "error_message")
            .mapToInt(checked.schema()::fieldIndex)
            .toArray();
    return checked.rows().stream()
        .filter(row -> row.getString(status).equals(Status.FAILED.name()))
        .limit(MAX_ROWS_LISTED)
        .map(row -> RowFactory.create(Arrays.stream(columns).mapToObj(row::get).toArray()))
        .toList();
  }
}
