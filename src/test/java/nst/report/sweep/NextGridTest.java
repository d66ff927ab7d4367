package nst.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nst.model.Preset;
import org.junit.jupiter.api.Test;

/** Tests the next grid on small tables with known answers. */
class NextGridTest {

  /** The next values of the first axis if rows were picked. */
  private static String next(SweptRows rows, long... picked) {
    return grid(rows, picked).axes().get(0).text();
  }

  private static NextGrid grid(SweptRows rows, long... picked) {
    return NextGrid.of(rows.sweep(), Arrays.stream(picked).boxed().toList());
  }

  private static SweptRows weights(String... values) {
    return SweptRows.grid("content_weight", values);
  }

  @Test
  void goesOneStepFurtherAtAnEnd() {
    assertThat(next(weights("0.01", "0.1", "1"), 2)).isEqualTo("0.1,1,10");
    assertThat(next(weights("0.01", "0.1", "1"), 0)).isEqualTo("0.001,0.01,0.1");
    assertThat(next(weights("1", "1.5", "2"), 2)).isEqualTo("1.5,2,2.5");
    assertThat(next(weights("1", "1.5", "2", "2.5"), 0, 1)).isEqualTo("0.5,1,1.5,2");
    assertThat(grid(weights("0.01", "0.1", "1"), 2).sentences())
        .containsExactly(
            "The best rows are those that were picked: one row.",
            "content_weight: the best rows are at the upper end, 1; the axis goes one step further, to 10.",
            "3 points for each photo and painting, 1 of them new. Rows that the output already has are not computed"
                + " again.");
  }

  @Test
  void halvesTheStepsInside() {
    assertThat(next(weights("0.01", "0.1", "1"), 1)).isEqualTo("0.01,0.0316,0.1,0.316,1");
    assertThat(next(weights("1", "2", "3"), 1)).isEqualTo("1,1.5,2,2.5,3");
    assertThat(next(weights("1", "2", "3", "4", "5", "6"), 2, 3)).isEqualTo("2,2.5,3,3.5,4,4.5,5");
  }

  @Test
  void staysWithinThePossibleValues() {
    assertThat(next(weights("0.5", "1.5", "2.5"), 0)).as("0 is possible").isEqualTo("0,0.5,1.5");
    assertThat(next(weights("0", "1", "2"), 0)).as("0 is the least").isEqualTo("0,0.5,1");
    assertThat(next(SweptRows.grid("noise_ratio", "0", "0.4", "0.8"), 2))
        .as("1 is the most")
        .isEqualTo("0.4,0.8,1");
    assertThat(next(SweptRows.grid("num_iterations", "10", "20", "40"), 1))
        .as("whole numbers")
        .isEqualTo("10,14,20,28,40");
  }

  @Test
  void suggestsNothingIfNoValueIsNew() {
    NextGrid grid = grid(SweptRows.grid("jpeg_quality", "98", "99", "100"), 2);
    assertThat(grid.sentences().get(2)).startsWith("There is no new value to try.");
    assertThat(grid.axes()).isEmpty();
    assertThat(grid(weights("1", "2", "3"), 0, 2).axes()).as("both ends").isEmpty();
    assertThat(grid(weights("1", "2", "3"), 77).axes()).as("not a row of the sweep").isEmpty();
  }

  @Test
  void takesTheCompromiseOfTheFrontIfNothingWasPicked() {
    SweptRows rows = new SweptRows();
    rows.row(1, 256, "content_weight", "1000");
    rows.row(2, 4, "content_weight", "100");
    rows.row(4, 2, "content_weight", "10");
    rows.row(8, 1, "content_weight", "1");
    NextGrid grid = grid(rows);
    assertThat(grid.best()).containsExactly(1);
    assertThat(grid.axes().get(0).text()).isEqualTo("10,31.6,100,316,1000");
    assertThat(grid.sentences().get(0)).contains("compromises", "(one row)");
  }

  /** With many photos, single ones with other best values do not count. */
  @Test
  void takesTheMiddleHalfOfManyFronts() {
    SweptRows rows = new SweptRows();
    for (int photo = 0; photo < 8; photo++) {
      int best = photo == 0 ? 0 : photo == 1 ? 4 : 2;
      rows.photo(photo + ".jpg");
      for (int i = 0; i < 5; i++) {
        double term = i == best ? 0.1 : 1;
        rows.row(term, term, "content_weight", Integer.toString(1 + i));
      }
    }
    assertThat(grid(rows).axes().get(0).text()).isEqualTo("2,2.5,3,3.5,4");
  }

  @Test
  void countsThePointsThatAreNew() {
    SweptRows rows = new SweptRows();
    for (String weight : new String[] {"0.01", "0.1", "1"}) {
      for (String scale : new String[] {"1", "2", "3"}) {
        rows.row(1, 1, "content_weight", weight, "style_scale", scale);
      }
    }
    NextGrid grid = grid(rows, 4); // 0.1 and 2: the middle of both axes
    assertThat(grid.points()).isEqualTo(25);
    assertThat(grid.sentences())
        .last()
        .asString()
        .startsWith("25 points")
        .contains("16 of them new");
  }

  @Test
  void keepsOnlyTheBestOfValuesThatAreNoNumbers() {
    SweptRows rows = new SweptRows();
    for (Preset preset : new Preset[] {Preset.BALANCED, Preset.GATYS}) {
      for (String steps : new String[] {"10", "20", "30"}) {
        rows.row(preset, 1.0, 1.0, "num_iterations", steps);
      }
    }
    NextGrid grid = grid(rows, 1);
    assertThat(grid.axes().stream().map(NextAxis::text))
        .containsExactly("balanced", "10,15,20,25,30");
    assertThat(grid.sentences()).contains("preset: only what the best rows have, balanced.");
  }

  @Test
  void narrowsTheRangesOfSamples() {
    List<double[]> points = new ArrayList<>();
    SweptRows rows = new SweptRows();
    for (int i = 0; i <= 20; i++) { // 0 to 2 in both, in another order
      points.add(new double[] {0.1 * i, 0.1 * ((i * 8) % 21)});
      rows.row(
          1,
          1,
          "content_weight",
          Double.toString(Math.round(10 * points.get(i)[0]) / 10.0),
          "tv_weight",
          Double.toString(Math.round(10 * points.get(i)[1]) / 10.0));
    }
    NextGrid grid = grid(rows, 10); // 1.0 and 1.7
    assertThat(grid.samples()).isEqualTo(21);
    assertThat(grid.axes().stream().map(NextAxis::text))
        .containsExactly("lin:0.5..1.5", "lin:1.2..2");
    assertThat(next(rows, 20)).as("at the end of the range").isEqualTo("lin:1.5..2.5");
  }
}
