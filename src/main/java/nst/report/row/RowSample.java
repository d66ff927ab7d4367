package nst.report.row;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rows whose large pictures and curves are on the page.
 *
 * @param rows the numbers of the rows
 * @param failed the number of failed rows among them
 * @param worst the number of worst rows among them
 * @param random the number of rows among them that were drawn by chance
 */
public record RowSample(Set<Long> rows, int failed, int worst, int random) {

  /**
   * Chooses rows. If there are too many, at most half are failed rows, a quarter (and what failed
   * rows do not use) are the worst of the others, and the rest is drawn by chance.
   *
   * @param worstFirst the numbers of all rows, failed rows first
   * @param failed the number of failed rows
   * @param limit the number of rows to choose
   * @param seed the same seed draws the same rows
   */
  static RowSample of(List<Long> worstFirst, int failed, int limit, long seed) {
    int most = Math.min(limit, worstFirst.size());
    boolean all = most == worstFirst.size();
    int drawn = all ? 0 : limit / 4;
    int unfailed = worstFirst.size() - failed;
    int fromFailed = all ? failed : Math.min(failed, Math.max(limit / 2, limit - unfailed));
    int fromWorst = Math.max(0, Math.min(most - drawn - fromFailed, unfailed));
    Set<Long> rows = new TreeSet<>(worstFirst.subList(0, fromFailed));
    rows.addAll(worstFirst.subList(failed, failed + fromWorst));
    List<Long> others = new ArrayList<>(worstFirst.subList(failed + fromWorst, worstFirst.size()));
    Collections.shuffle(others, new Random(seed));
    int fromChance = Math.min(others.size(), most - rows.size());
    rows.addAll(others.subList(0, fromChance));
    return new RowSample(rows, fromFailed, fromWorst, fromChance);
  }

  /** What was chosen of how many rows, in sentences. */
  public List<String> text(long total) {
    if (rows.size() == total) {
      return List.of("All rows have large pictures and curves.");
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d of %,d rows have large pictures and curves (report.rows): %,d failed, the %,d worst, and %,d drawn by"
                + " chance. The others show the saved image.",
            rows.size(),
            total,
            failed,
            worst,
            random));
  }
}
