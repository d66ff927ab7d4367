package nst.job.sweep;

import java.util.List;

/**
 * One row of a sweep.
 *
 * @param id readable, and different for each row of a sweep
 * @param content absolute URI of the photo
 */
public record SweepRow(String id, String content, SweepStyle style, SweepPoint point) {

  /** Its photo and its paintings, which rows of other points have too. */
  public List<Object> pair() {
    return List.of(content, style);
  }
}
