package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nst.model.ErrorCode;
import nst.report.row.PageRow;
import org.junit.jupiter.api.Test;

class SweepGridTest {
  private static final List<RunReport.Setting> SETTINGS =
      List.of(
          new RunReport.Setting("content_weight", "0.02", "default"),
          new RunReport.Setting("style_weight", "1.0", "default"),
          new RunReport.Setting("optimizer", "adam", "default"));

  private final List<PageRow> rows = new ArrayList<>();

  private void row(Map<String, String> knobs) {
    rows.add(ReportFixture.ok(rows.size(), "row " + rows.size(), "kitten.jpg", "waves.png", knobs));
  }

  private List<SweepGrid> grids() {
    return SweepGrid.among(rows, SETTINGS);
  }

  @Test
  void laysTwoKnobsOutWithTheFinerOneAcross() {
    row(Map.of("style_weight", "10.0", "content_weight", "0.1"));
    row(Map.of("style_weight", "10.0"));
    row(Map.of("style_weight", "2.0", "content_weight", "0.1"));
    row(Map.of("style_weight", "2.0"));
    row(Map.of("content_weight", "0.1"));
    row(Map.of());

    SweepGrid grid = grids().get(0);
    assertThat(grid.columnKnob()).isEqualTo("style_weight");
    assertThat(grid.columns()).containsExactly("1", "2", "10");
    assertThat(grid.rowKnob()).isEqualTo("content_weight");
    assertThat(grid.lines())
        .containsExactly(
            new SweepGrid.Line("0.02", List.of(cell(5), cell(3), cell(1))),
            new SweepGrid.Line("0.1", List.of(cell(4), cell(2), cell(0))));
  }

  @Test
  void leavesAHoleWhereNoRowIs() {
    row(Map.of("style_weight", "10", "content_weight", "0.1"));
    row(Map.of("style_weight", "10"));
    row(Map.of("style_weight", "5", "content_weight", "0.1"));
    row(Map.of());
    row(Map.of("style_weight", "5"));
    SweepGrid grid = grids().get(0);
    assertThat(grid.columns()).containsExactly("1", "5", "10");
    assertThat(grid.lines().get(1))
        .isEqualTo(new SweepGrid.Line("0.1", List.of(List.of(), cell(2), cell(0))));
  }

  @Test
  void keepsContentsAndStylesApart() {
    row(Map.of());
    row(Map.of("style_weight", "2"));
    rows.add(ReportFixture.ok(2, "other", "dog.jpg", "waves.png", Map.of("style_weight", "3")));
    assertThat(grids()).isEmpty();
  }

  @Test
  void makesNoGridOfKnobsThatAreNoNumbers() {
    row(Map.of());
    row(Map.of("optimizer", "lbfgs"));
    row(Map.of("style_weight", "2"));
    assertThat(grids()).isEmpty();
  }

  @Test
  void makesNoGridOfThreeKnobs() {
    row(Map.of());
    row(Map.of("style_weight", "2"));
    row(Map.of("content_weight", "2"));
    row(Map.of("seed", "2"));
    assertThat(grids()).isEmpty();
  }

  @Test
  void makesNoGridOfARandomSearch() {
    for (int i = 1; i <= 10; i++) {
      row(Map.of("style_weight", i + ".5", "content_weight", i + ".25"));
    }
    assertThat(grids()).isEmpty();
  }

  @Test
  void showsFailedRowsInTheirPlaces() {
    row(Map.of());
    row(Map.of("style_weight", "2"));
    rows.add(
        ReportFixture.failed(
            2, "row 2", "kitten.jpg", Map.of("style_weight", "3"), ErrorCode.TIMEOUT, "too long"));
    assertThat(grids().get(0).lines().get(0).cells()).containsExactly(cell(0), cell(1), cell(2));
  }

  private static List<SweepGrid.Cell> cell(int number) {
    return List.of(new SweepGrid.Cell(number, "row " + number));
  }
}
