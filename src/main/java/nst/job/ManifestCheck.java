package nst.job;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import nst.job.cost.CostModel;
import nst.job.executor.Session;
import nst.job.manifest.ManifestFault;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.job.plan.Planner;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.TransferResult.Status;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads every row of a manifest as a run would, and says what is wrong. Takes no device and reads
 * no image.
 */
public final class ManifestCheck {
  /** A list that nobody reads to its end helps nobody. */
  private static final int MAX_ROWS_LISTED = 1000;

  private ManifestCheck() {}

  /**
   * Everything that is wrong with a manifest's rows, as far as the manifest alone tells.
   *
   * @param manifest absolute URI
   * @return everything that is wrong with its rows; its columns are sound
   * @throws nst.model.InvalidInputException with everything that is wrong with its columns
   */
  public static List<Problem> rows(Session session, String manifest, RunConfig config) {
    session.requireStorage("MANIFEST", manifest);
    SparkSession spark = session.spark();
    Networks networks =
        Networks.of(config, session.store(), Session.locality(spark.sparkContext().master()));
    ManifestTable table = ManifestTable.open(spark, manifest, config, networks);
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
