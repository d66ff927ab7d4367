package nst.job.halving;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.executor.Session;
import nst.job.table.Globs;
import nst.job.table.MetricsTable;
import nst.job.table.RowTable;
import nst.model.Preset;
import nst.model.TransferException;
import nst.model.TransferResult.Status;
import nst.record.ImageRecords;
import nst.record.ReportedRow;
import nst.record.ReportedRow.Measured;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;

/**
 * The terms of the rows of a finished run: from {@code metrics}, or from the record in the image if
 * an earlier run made it.
 */
final class RungResults {
  private static final String NOT_MEASURED =
      "its losses were not measured; use --measure-losses all";

  private final ObjectStore store;
  private final Map<String, Result> byKey = new HashMap<>();

  /**
   * The result of a row.
   *
   * @param terms empty if there are none
   * @param reason why there are none
   */
  record Result(Optional<Terms> terms, String reason) {
    private static Result none(String reason) {
      return new Result(Optional.empty(), reason);
    }
  }

  private RungResults(ObjectStore store) {
    this.store = store;
  }

  /** The results in the order of the manifest. */
  static List<Result> read(Session session, OutputLayout layout) {
    RungResults results = new RungResults(session.store());
    List<Result> all = new ArrayList<>();
    MetricsTable.rows(
            RowTable.distributed(session.spark().read().parquet(Globs.literal(layout.metrics()))),
            Preset.BALANCED.hyperparameters())
        .forEach(row -> all.add(results.result(row)));
    return all;
  }

  /** A duplicate row has the result of the first row with its key. */
  private Result result(ReportedRow row) {
    if (row.key().isEmpty()) {
      return failure(row);
    }
    return byKey.computeIfAbsent(row.key().get(), key -> read(row));
  }

  private Result read(ReportedRow row) {
    if (row.status() == Status.FAILED) {
      return failure(row);
    }
    if (row.measured().isPresent()) {
      return terms(row.measured().get());
    }
    String image = row.outputUri().orElseThrow();
    try {
      return ImageRecords.of(store.read(image, Long.MAX_VALUE))
          .flatMap(Measured::of)
          .map(RungResults::terms)
          .orElseGet(() -> Result.none("there is no record in " + image));
    } catch (TransferException | IllegalArgumentException e) {
      return Result.none("the record in " + image + " cannot be read: " + e.getMessage());
    }
  }

  private static Result failure(ReportedRow row) {
    return Result.none(
        row.failure().map(failure -> failure.code() + ": " + failure.message()).orElse("no key"));
  }

  private static Result terms(Measured image) {
    return image.contentLoss() == null
        ? Result.none(NOT_MEASURED)
        : new Result(
            Optional.of(new Terms(image.contentLoss(), image.styleLoss(), image.tvLoss())), "");
  }
}
