package nst.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
  private final List<double[]> points = new ArrayList<>();
  private final ParetoFront front =
      new ParetoFront(member -> points.get(member)[0], member -> points.get(member)[1]);

  private void point(double x, double y) {
    points.add(new double[] {x, y});
  }

  private List<Integer> of() {
    return front.of(IntStream.range(0, points.size()).boxed().toList());
  }

  @Test
  void hasThePointsThatNoOtherPointBeats() {
    point(3, 1);
    point(1, 3);
    point(2, 2);
    point(3, 2); // worse than (2, 2) in x, equal in y
    point(2, 2.5);
    assertThat(of()).containsExactly(1, 2, 0);
  }

  @Test
  void keepsEqualPoints() {
    point(1, 1);
    point(1, 1);
    point(1, 2);
    assertThat(of()).containsExactly(0, 1);
  }

  @Test
  void leavesOutPointsWithoutNumbers() {
    point(Double.NaN, 0);
    point(0, Double.NaN);
    point(5, 5);
    assertThat(of()).containsExactly(2);
    assertThat(front.of(List.of(0, 1))).isEmpty();
    assertThat(front.compromise(List.of())).isEmpty();
  }

  @Test
  void agreesWithTheDefinition() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 300; i++) {
      point(random.nextInt(40), random.nextInt(40));
    }
    List<Integer> defined = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      int member = i;
      if (points.stream().noneMatch(other -> beats(other, points.get(member)))) {
        defined.add(i);
      }
    }
    assertThat(of()).containsExactlyInAnyOrderElementsOf(defined);
  }

  private static boolean beats(double[] a, double[] b) {
    return a[0] <= b[0] && a[1] <= b[1] && (a[0] < b[0] || a[1] < b[1]);
  }

  /** On the logarithmic scale, the second point is at (1/3, 1/4) and the third at (2/3, 1/8). */
  @Test
  void findsTheCompromise() {
    point(1, 256);
    point(2, 4);
    point(4, 2);
    point(8, 1);
    assertThat(front.compromise(of())).hasValue(1);
  }

  @Test
  void findsTheCompromiseOfNumbersThatAreNotPositive() {
    point(0, 10);
    point(1, 1);
    point(10, 0);
    assertThat(front.compromise(of())).hasValue(1);
  }
}
