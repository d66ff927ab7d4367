package nst.report.row;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import nst.model.ErrorCode;
import nst.model.TransferResult.Timings;

/**
 * Receives all rows of a run one after another, stores them as data of the page, and keeps what the
 * rest of the page needs. The memory for a row is some dozens of bytes.
 */
public final class RowCollector {
  /** The number of rows in a data file. */
  static final int CHUNK = 1_000;

  /** The number of failed rows that the page lists for each code. */
  private static final int LISTED = 20;

  private final PageParts parts;
  private final RowScores scores = new RowScores();
  private final StageMedians stages = new StageMedians();
  private final Map<ErrorCode, List<FailedRow>> failed = new EnumMap<>(ErrorCode.class);
  private final List<PageRow> chunk = new ArrayList<>();
  private int chunks;
  private long count;

  public RowCollector(PageParts parts) {
    this.parts = parts;
  }

  /** A failed row in the list of failures. */
  public record FailedRow(long number, String id, String message) {}

  /** Adds the next row of the manifest. */
  public void add(PageRow row) {
    count++;
    scores.add(row);
    row.times().ifPresent(stages::add);
    row.failure()
        .ifPresent(
            failure -> {
              List<FailedRow> rows =
                  failed.computeIfAbsent(failure.code(), code -> new ArrayList<>());
              if (rows.size() < LISTED) {
                rows.add(
                    new FailedRow(
                        row.number(), SafeText.of(row.id()), SafeText.of(failure.message())));
              }
            });
    chunk.add(row);
    if (chunk.size() == CHUNK) {
      store();
    }
  }

  /** Stores the last rows. */
  public void end() {
    if (!chunk.isEmpty()) {
      store();
    }
  }

  private void store() {
    parts.data("rows-" + chunks++, RowColumns.of(chunk), true);
    chunk.clear();
  }

  /** The number of rows. */
  public long count() {
    return count;
  }

  /** The outliers by row number. */
  public Map<Long, RowScores.Outlier> outliers() {
    return scores.outliers();
  }

  /** Chooses the rows with large pictures. */
  public RowSample sample(Map<Long, RowScores.Outlier> outliers, int limit, long seed) {
    return RowSample.of(scores.worstFirst(outliers), Math.toIntExact(scores.failed()), limit, seed);
  }

  /** The median time of each stage over all rows that were computed. */
  public Timings medians() {
    return stages.medians();
  }

  /** The first failed rows of each code. */
  public Map<ErrorCode, List<FailedRow>> failed() {
    return failed;
  }
}
