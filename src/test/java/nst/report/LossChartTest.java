package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import nst.model.LossSample;
import org.junit.jupiter.api.Test;

class LossChartTest {
  private static final List<LossSample> LOSSES = ReportFixture.losses(40);

  @Test
  void drawsFromTheFirstIterationToTheLast() {
    LossChart chart = LossChart.ofRows("Total", LossChart.TERMS.get(0), curves(1, LOSSES));
    LossChart.Curve curve = chart.curves().get(0);
    assertThat(curve.row()).isEqualTo(1);
    int[][] points = points(curve);
    assertThat(points[0][0]).isZero();
    assertThat(points[points.length - 1][0]).isEqualTo(LossChart.SIDE);
  }

  @Test
  void drawsAFallingLossDownwards() {
    LossChart chart = LossChart.ofRows("Total", LossChart.TERMS.get(0), curves(0, LOSSES));
    int[][] points = points(chart.curves().get(0));
    for (int i = 1; i < points.length; i++) {
      assertThat(points[i][1]).isGreaterThanOrEqualTo(points[i - 1][1]);
    }
    assertThat(points[0][1]).isLessThan(100);
    assertThat(points[points.length - 1][1]).isGreaterThan(900);
  }

  @Test
  void leavesOutPointsThatAreTooClose() {
    LossChart chart =
        LossChart.ofRows("Total", LossChart.TERMS.get(0), curves(0, ReportFixture.losses(100_000)));
    assertThat(points(chart.curves().get(0)).length).isBetween(100, 300);
  }

  @Test
  void marksWhereTheNextScaleBegins() {
    LossChart chart = LossChart.ofTerms("One row", 3, LOSSES);
    assertThat(chart.scales()).containsExactly(new LossChart.Tick(500, "256 px"));
    assertThat(chart.curves())
        .extracting(LossChart.Curve::name)
        .containsExactly("total", "content", "style", "tv");
  }

  @Test
  void marksRoundIterations() {
    assertThat(LossChart.ofTerms("One row", 0, LOSSES).xTicks())
        .extracting(LossChart.Tick::label)
        .containsExactly("0", "10", "20", "30", "40");
    assertThat(LossChart.ofTerms("One row", 0, ReportFixture.losses(2)).xTicks())
        .extracting(LossChart.Tick::label)
        .containsExactly("0", "1", "2");
  }

  private static List<RunReport.Curve> curves(long row, List<LossSample> losses) {
    return List.of(new RunReport.Curve(row, "row", losses));
  }

  private static int[][] points(LossChart.Curve curve) {
    return Arrays.stream(curve.points().split(" "))
        .map(point -> Arrays.stream(point.split(",")).mapToInt(Integer::parseInt).toArray())
        .toArray(int[][]::new);
  }
}
