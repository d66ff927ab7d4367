package nst.report.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowSampleTest {
  /** A thousand rows, the worst first. */
  private static final List<Long> ROWS = LongStream.range(0, 1000).boxed().toList();

  @Test
  void takesFailedRowsTheWorstAndSomeByChance() {
    RowSample sample = RowSample.of(ROWS, 3, 100, 7);
    assertThat(sample.failed()).isEqualTo(3);
    assertThat(sample.worst()).isEqualTo(72);
    assertThat(sample.random()).isEqualTo(25);
    assertThat(sample.rows()).hasSize(100).containsAll(ROWS.subList(0, 75));
    assertThat(sample.text(1000))
        .containsExactly(
            "100 of 1,000 rows have large pictures and curves (report.rows): 3 failed, the 72"
                + " worst, and 25 drawn by chance. The others show the saved image.");
  }

  @Test
  void keepsSpaceForOtherRowsIfManyFailed() {
    RowSample sample = RowSample.of(ROWS, 900, 100, 7);
    assertThat(sample.failed()).isEqualTo(50);
    assertThat(sample.worst()).isEqualTo(25);
    assertThat(sample.random()).isEqualTo(25);
  }

  @Test
  void takesAllOfFewRows() {
    RowSample sample = RowSample.of(ROWS.subList(0, 100), 90, 100, 7);
    assertThat(sample.rows()).containsExactlyElementsOf(ROWS.subList(0, 100));
    assertThat(sample.text(100)).containsExactly("All rows have large pictures and curves.");
  }

  @Test
  void takesAllFailedRowsIfNothingElseIsThere() {
    assertThat(RowSample.of(ROWS, 1000, 100, 7).rows()).hasSize(100);
  }

  @Test
  void drawsTheSameRowsForTheSameSeed() {
    assertThat(RowSample.of(ROWS, 0, 100, 7)).isEqualTo(RowSample.of(ROWS, 0, 100, 7));
    assertThat(RowSample.of(ROWS, 0, 100, 7)).isNotEqualTo(RowSample.of(ROWS, 0, 100, 8));
  }
}
