package nst.job.plan;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;
import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.job.table.Tables;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The plan of a small manifest, in the driver: the rules of {@link RowStatus}, and its batches. A
 * test compares both.
 */
final class SmallPlan {
  private static final int ROW = Tables.PLAN.fieldIndex("row");
  private static final int ID = Tables.PLAN.fieldIndex("id");
  private static final int KEY = Tables.PLAN.fieldIndex("key");
  private static final int STATUS = Tables.PLAN.fieldIndex("status");
  private static final int CODE = Tables.PLAN.fieldIndex("error_code");
  private static final int MESSAGE = Tables.PLAN.fieldIndex("error_message");
  private static final int URI = Tables.PLAN.fieldIndex("output_uri");
  private static final int STYLE_GROUP = Tables.PLAN.fieldIndex("style_group");
  private static final int SECONDS = Tables.PLAN.fieldIndex("predicted_seconds");
  private static final int BATCH = Tables.PLAN.fieldIndex("batch");

  /** Rows with the same style targets together, the most expensive first. */
  private static final Comparator<Object[]> FOR_BATCHES =
      comparing((Object[] row) -> (String) row[STYLE_GROUP])
          .thenComparing(comparingDouble((Object[] row) -> (double) row[SECONDS]).reversed())
          .thenComparing(comparingLong((Object[] row) -> (long) row[ROW]));

  private final List<Object[]> rows = new ArrayList<>();

  private SmallPlan(List<Row> requests) {
    for (Row request : requests) {
      Object[] values = new Object[request.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = request.get(i);
      }
      rows.add(values);
    }
    rows.sort(comparingLong(row -> (long) row[ROW]));
  }

  /**
   * The rows of which some fail, because they have the id of another row, and some refer to another
   * row with the same key.
   *
   * @param requests the rows in the columns of the plan, each planned by itself
   */
  static SmallPlan checked(List<Row> requests) {
    SmallPlan plan = new SmallPlan(requests);
    plan.failClashingIds();
    plan.referDuplicates();
    return plan;
  }

  private List<Object[]> planned() {
    return rows.stream().filter(row -> row[STATUS].equals(Tables.PLANNED)).toList();
  }

  private void failClashingIds() {
    Map<Object, Object[]> owners = new HashMap<>();
    for (Object[] row : planned()) {
      Object[] owner = owners.computeIfAbsent(row[ID], id -> row);
      if (!row[KEY].equals(owner[KEY])) {
        row[STATUS] = Status.FAILED.name();
        row[CODE] = ErrorCode.DUPLICATE_ID.name();
        row[MESSAGE] = RowStatus.clash((String) row[ID], (long) owner[ROW]);
      }
    }
  }

  private void referDuplicates() {
    Set<Object> keys = new HashSet<>();
    for (Object[] row : planned()) {
      if (!keys.add(row[KEY])) {
        row[STATUS] = Status.DUPLICATE.name();
      }
    }
  }

  /** The URI of the image of each planned row, by key. */
  Map<String, String> pending() {
    Map<String, String> uris = new HashMap<>();
    planned().forEach(row -> uris.put((String) row[KEY], (String) row[URI]));
    return uris;
  }

  /** Skips the rows with these keys. */
  void skip(Set<String> keys) {
    for (Object[] row : planned()) {
      if (keys.contains((String) row[KEY])) {
        row[STATUS] = Status.SKIPPED.name();
      }
    }
  }

  double plannedSeconds() {
    return planned().stream().mapToDouble(row -> (double) row[SECONDS]).sum();
  }

  /** Gives each planned row its batch, of this length in seconds. */
  void cut(double length) {
    List<Row> inOrder =
        planned().stream()
            .sorted(FOR_BATCHES)
            .map(row -> RowFactory.create(row[ROW], row[SECONDS], null))
            .toList();
    Map<Object, Object> batches = new HashMap<>();
    new BatchCutter(0, inOrder.iterator(), length, 1, 2)
        .forEachRemaining(row -> batches.put(row.get(0), row.get(2)));
    rows.forEach(row -> row[BATCH] = batches.get(row[ROW]));
  }

  /** The rows in the order of the manifest. */
  List<Row> rows() {
    return rows.stream().map(RowFactory::create).toList();
  }
}
