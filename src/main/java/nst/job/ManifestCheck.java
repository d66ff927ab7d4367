package nst.job;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import nst.job.cost.CostModel;
import nst.job.executor.Session;
import nst.job.manifest.ManifestFault;
import nst.job.manifest.ManifestTable;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.job.plan.Planner;
import nst.job.source.ManifestSource;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.TransferResult.Status;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
          "row " + row.<Long>getAs("row") + " id=" + row.getAs("id"),
          row.getAs("error_code"),
          row.getAs("error_message"));
    }
    return problems.list();
  }

  private static List<Row> failed(Dataset<Row> checked) {
    return checked
        .where(col("status").equalTo(Status.FAILED.name()))
        .orderBy("row")
        .limit(MAX_ROWS_LISTED)
        .collectAsList();
  }
}
