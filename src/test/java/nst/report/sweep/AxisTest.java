package nst.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void detectsLogarithmicSpacing() {
    assertThat(isLogarithmic("content_weight", "0.02", "0.1", "0.5")).isTrue();
    assertThat(isLogarithmic("content_weight", "0.5", "1", "1.5")).isFalse();
    assertThat(isLogarithmic("content_weight", "0", "1", "10")).isFalse();
    assertThat(isLogarithmic("content_weight", "1", "2")).isFalse();
    assertThat(isLogarithmic("content_weight", "1", "10")).isTrue();
    assertThat(isLogarithmic("style_scale", "0.5", "1")).isTrue(); // it cannot be 0
  }

  private static boolean isLogarithmic(String knob, String... values) {
    SweptRows grid = SweptRows.grid(knob, values);
    grid.row(1, 1, knob, values[0]);
    return grid.sweep().axes().get(0).isLogarithmic();
  }
}
