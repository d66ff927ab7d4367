package nst.report;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportRowTest {
  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "//host/a.png", "/etc/a.png", "https://h/a.png"})
  void refusesALinkThatLeavesTheOutput(String link) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> row(link, List.of(ReportFixture.style("waves.png", 1))))
        .withMessageContaining("expected a relative link");
  }

  @Test
  void refusesARowWithoutStyle() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> row("", List.of()))
        .withMessage("expected at least one style in row id=a");
  }

  @Test
  void refusesAPictureWithoutPixels() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PageImage.jpeg(new byte[] {1}, 0, 1))
        .withMessageContaining("was 0 x 1");
  }

  private static ReportRow row(String link, List<ReportRow.StyleSource> styles) {
    return new ReportRow(
        "a",
        "",
        Status.OK,
        Optional.empty(),
        new ReportRow.Source("a.jpg", Optional.empty()),
        styles,
        Map.of(),
        link,
        Optional.empty(),
        List.of(),
        Timings.NONE,
        List.of());
  }
}
