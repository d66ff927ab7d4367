package nst.report.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import org.junit.jupiter.api.Test;

class RowScoresTest {
  private final RowScores scores = new RowScores();
  private final List<PageRow> rows = new ArrayList<>();

  private void row(Status status, String style, int width, double styleLoss, Double total) {
    PageRow row =
        new PageRow(
            rows.size(),
            "row",
            "key",
            status,
            status == Status.FAILED
                ? Optional.of(new Failure(ErrorCode.TIMEOUT, "took too long"))
                : Optional.empty(),
            "photo.jpg",
            List.of(new PageRow.Style(style, 1, "", "")),
            Map.of(),
            Map.of(),
            status == Status.FAILED
                ? Optional.empty()
                : Optional.of(
                    new PageRow.Saved(
                        "ab/a.png", width, 90, 1, "", 0.1, styleLoss, 0.1, total, 2.0)),
            Optional.empty(),
            Optional.empty(),
            List.of());
    rows.add(row);
    scores.add(row);
  }

  /** Nine rows with style terms from 1.00 to 1.08. */
  private void usual(String style, int width) {
    for (int i = 0; i < 9; i++) {
      row(Status.OK, style, width, 1 + 0.01 * i, 1.0);
    }
  }

  @Test
  void findsTheRowThatIsUnusualForItsStyle() {
    usual("waves", 100);
    row(Status.OK, "waves", 100, 2, 1.0);
    Map<Long, RowScores.Outlier> outliers = scores.outliers();
    assertThat(outliers).containsOnlyKeys(9L);
    assertThat(outliers.get(9L).term()).isEqualTo("style_loss");
    // The logarithms are ln 1.00 to ln 1.08 and ln 2; the median is ln(1.045) to four digits.
    assertThat(outliers.get(9L).median().doubleValue()).isBetween(1.044, 1.046);
    assertThat(outliers.get(9L).score().doubleValue()).isBetween(17.0, 19.0);
  }

  @Test
  void comparesOnlyRowsOfOneStyleAndSize() {
    usual("waves", 100);
    row(Status.OK, "night", 100, 2, 1.0);
    row(Status.OK, "waves", 200, 2, 1.0);
    assertThat(scores.outliers()).isEmpty();
  }

  @Test
  void marksNoRowThatIsBetterThanUsual() {
    usual("waves", 100);
    row(Status.OK, "waves", 100, 0.1, 1.0);
    assertThat(scores.outliers()).isEmpty();
  }

  @Test
  void marksNothingAmongFewRowsOrEqualRows() {
    for (int i = 0; i < 6; i++) {
      row(Status.OK, "waves", 100, 1 + 0.01 * i, 1.0);
    }
    row(Status.OK, "waves", 100, 5, 1.0);
    for (int i = 0; i < 9; i++) {
      row(Status.OK, "night", 100, 1, 1.0);
    }
    row(Status.OK, "night", 100, 5, 1.0);
    assertThat(scores.outliers()).isEmpty();
  }

  @Test
  void marksNoDuplicateASecondTime() {
    usual("waves", 100);
    row(Status.OK, "waves", 100, 2, 1.0);
    row(Status.DUPLICATE, "waves", 100, 2, 1.0);
    assertThat(scores.outliers()).containsOnlyKeys(9L);
  }

  @Test
  void ordersFailedRowsThenOutliersThenTheLossThatIsLeft() {
    usual("waves", 100);
    row(Status.OK, "waves", 100, 2, 0.2); // 9: an outlier
    row(Status.OK, "night", 100, 1, 1.8); // 10: 90 % left
    row(Status.OK, "night", 100, 1, null); // 11: not measured
    row(Status.FAILED, "night", 100, 1, null);
    assertThat(scores.worstFirst(scores.outliers()))
        .containsExactly(12L, 9L, 10L, 0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 11L);
    assertThat(scores.failed()).isEqualTo(1);
  }
}
