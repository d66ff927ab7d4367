package nst.job.halving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.job.halving.RungChoice.Scored;
import org.junit.jupiter.api.Test;

class RungChoiceTest {
  private final List<RowScore> rows = new ArrayList<>();

  @Test
  void theScoreOfAPointIsTheMeanOverItsPairs() {
    scored("a", 0, 1.0);
    scored("a", 1, 4.0);
    scored("b", 0, 6.0);
    scored("b", 1, 2.0);
    RungChoice choice = RungChoice.of(rows);
    assertThat(choice.ranked()).containsExactly(new Scored(1, 3), new Scored(0, 3.5));
    assertThat(choice.notes()).isEmpty();
    assertThat(choice.best(1)).containsExactly(new Scored(1, 3));
    assertThat(choice.best(5)).as("as many as there are").hasSize(2);
  }

  @Test
  void ofEqualScoresTheFirstPointIsFirst() {
    scored("a", 7, 1.0);
    scored("a", 2, 1.0);
    scored("a", 5, 1.0);
    assertThat(RungChoice.of(rows).ranked().stream().map(Scored::point)).containsExactly(2, 5, 7);
  }

  @Test
  void aPointWithAFailedRowIsDroppedWithAMessage() {
    scored("a", 0, 1.0);
    scored("a", 1, 2.0);
    failed("b", 0);
    scored("b", 1, 3.0);
    RungChoice choice = RungChoice.of(rows);
    assertThat(choice.ranked()).containsExactly(new Scored(1, 2.5));
    assertThat(choice.notes()).containsExactly("Row b-0 drops its point: OUT_OF_MEMORY: too large");
  }

  /** A damaged photo fails at every point, and must not end the halving. */
  @Test
  void aPairWithoutAnyScoreIsLeftOutWithOneMessage() {
    failed("damaged", 0);
    failed("damaged", 1);
    scored("a", 0, 2.0);
    scored("a", 1, 1.0);
    RungChoice choice = RungChoice.of(rows);
    assertThat(choice.ranked()).containsExactly(new Scored(1, 1), new Scored(0, 2));
    assertThat(choice.notes())
        .singleElement()
        .asString()
        .contains("row damaged-0", "without them", "OUT_OF_MEMORY: too large");
  }

  @Test
  void noScoreAtAllIsNoChoice() {
    failed("a", 0);
    failed("a", 1);
    assertThat(RungChoice.of(rows).ranked()).isEmpty();
    assertThat(RungChoice.of(rows).best(3)).isEmpty();
  }

  @Test
  void manyMessagesAreShortened() {
    scored("a", 99, 1.0);
    for (int point = 0; point < 15; point++) {
      failed("a", point);
    }
    assertThat(RungChoice.of(rows).notes()).hasSize(11).last().asString().startsWith("and 5 more");
  }

  private void scored(String pair, int point, double score) {
    rows.add(new RowScore(pair + "-" + point, point, pair, Optional.of(score), ""));
  }

  private void failed(String pair, int point) {
    rows.add(
        new RowScore(
            pair + "-" + point, point, pair, Optional.empty(), "OUT_OF_MEMORY: too large"));
  }
}
