package nst.report;

import java.util.List;
import nst.model.LossSample;
import nst.report.row.Picture;

/**
 * What the large view of a row needs in addition to its columns, as data for the script.
 *
 * @param picture null if there is none
 * @param content the photo; null if it could not be read
 * @param chart the losses of its iterates; null if they are not known
 */
public record LargeRow(Picture picture, Picture content, LossChart chart) {

  /** A row with these iterates; fewer than two are no curve. */
  public static LargeRow of(Picture picture, Picture content, RunReport.Curve curve) {
    List<LossSample> losses = curve.losses();
    return new LargeRow(
        picture,
        content,
        losses.size() < 2
            ? null
            : LossChart.ofTerms("Loss of the iterates, by term", curve.row(), losses));
  }
}
