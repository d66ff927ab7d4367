package nst.report.row;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.model.TransferResult.Status;

/**
 * Finds outliers among rows of the same style and size, and orders rows from the worst to the best.
 *
 * <p>A row is an outlier if one of its unweighted terms is unusually large. The measure is the
 * modified z-score of the term's logarithm, 0.6745 (x - median) / MAD, with the limit of 3.5
 * (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). Median and MAD do not change
 * with a few extreme rows, as mean and deviation do. Each row needs some dozens of bytes.
 */
public final class RowScores {
  static final double LIMIT = 3.5;

  /** Fewer rows have no usual value. */
  static final int SMALLEST_GROUP = 8;

  private static final String[] TERMS = {"content_loss", "style_loss", "tv_loss"};

  /** The consistency constant of the MAD for normal distributions. */
  private static final double NORMAL = 0.6745;

  private final Map<String, Integer> groups = new HashMap<>();
  private final List<Values> rows = new ArrayList<>();

  /** What is kept of a row; a missing number is NaN. */
  private static final class Values {
    private final long number;
    private final boolean failed;
    private final boolean duplicate;
    private final int group;
    private final float[] logarithms;
    private final double left;

    Values(PageRow row, int group, float[] logarithms, double left) {
      this.number = row.number();
      this.failed = row.status() == Status.FAILED;
      this.duplicate = row.status() == Status.DUPLICATE;
      this.group = group;
      this.logarithms = logarithms;
      this.left = left;
    }

    long number() {
      return number;
    }
  }

  /**
   * An outlier.
   *
   * @param score the largest modified z-score of its terms
   * @param term the column with this score
   * @param median the median of this column among the rows of its style and size
   */
  public record Outlier(BigDecimal score, String term, BigDecimal median) {}

  /** Adds a row. Duplicates are ignored, because their picture belongs to another row. */
  void add(PageRow row) {
    float[] logarithms = new float[TERMS.length];
    Arrays.fill(logarithms, Float.NaN);
    double left = Double.NaN;
    String size = "";
    if (row.saved().isPresent()) {
      PageRow.Saved saved = row.saved().get();
      size = " " + Math.max(saved.width(), saved.height());
      Double[] terms = {saved.content(), saved.style(), saved.tv()};
      for (int i = 0; i < terms.length; i++) {
        if (terms[i] != null && terms[i] > 0 && Double.isFinite(terms[i])) {
          logarithms[i] = (float) Math.log(terms[i]);
        }
      }
      left = saved.left() == null ? Double.NaN : saved.left();
    }
    int group = groups.computeIfAbsent(row.styleText() + size, name -> groups.size());
    rows.add(new Values(row, group, logarithms, left));
  }

  /** The outliers by row number. */
  public Map<Long, Outlier> outliers() {
    Map<Long, Outlier> outliers = new TreeMap<>();
    Map<Integer, List<Values>> members = new TreeMap<>();
    for (Values row : rows) {
      if (!row.duplicate) {
        members.computeIfAbsent(row.group, group -> new ArrayList<>()).add(row);
      }
    }
    for (List<Values> group : members.values()) {
      for (int term = 0; term < TERMS.length; term++) {
        score(group, term, outliers);
      }
    }
    return outliers;
  }

  private static void score(List<Values> group, int term, Map<Long, Outlier> outliers) {
    double[] values =
        group.stream()
            .mapToDouble(row -> row.logarithms[term])
            .filter(value -> !Double.isNaN(value))
            .toArray();
    if (values.length < SMALLEST_GROUP) {
      return;
    }
    double median = median(values);
    double deviation = median(Arrays.stream(values).map(v -> Math.abs(v - median)).toArray());
    if (deviation == 0) {
      return; // more than half of the values are equal
    }
    for (Values row : group) {
      double score = NORMAL * (row.logarithms[term] - median) / deviation;
      if (score > LIMIT) {
        outliers.merge(
            row.number,
            new Outlier(PageJson.number(score), TERMS[term], PageJson.number(Math.exp(median))),
            (a, b) -> a.score().compareTo(b.score()) >= 0 ? a : b);
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The numbers of all rows from the worst to the best: failed rows, then outliers by their score,
   * then the others by the share of the start image's loss that is left. The script sorts in the
   * same way.
   */
  public List<Long> worstFirst(Map<Long, Outlier> outliers) {
    Comparator<Values> byFailure = Comparator.comparing(row -> !row.failed);
    return rows.stream()
        .sorted(
            byFailure
                .thenComparing(row -> -score(row, outliers))
                .thenComparing(row -> Double.isNaN(row.left) ? 1 : -row.left)
                .thenComparing(Values::number))
        .map(Values::number)
        .toList();
  }

  private static double score(Values row, Map<Long, Outlier> outliers) {
    Outlier outlier = outliers.get(row.number);
    return outlier == null ? 0 : outlier.score().doubleValue();
  }

  /** The number of failed rows. */
  long failed() {
    return rows.stream().filter(row -> row.failed).count();
  }
}
