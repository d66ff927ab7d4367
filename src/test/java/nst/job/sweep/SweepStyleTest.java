package nst.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import nst.model.TransferRequest.Style;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepStyleTest {

  @Test
  void aBlendGoesFromOnePaintingToTheOther() {
    List<SweepStyle> steps = SweepStyle.blend(text("a.jpg:s3://b/c=d.jpg=0,0.25,1"));
    assertThat(steps.stream().map(SweepStyle::parts))
        .containsExactly(
            List.of(new Style("file:/here/a.jpg", 1)),
            List.of(new Style("file:/here/a.jpg", 0.75), new Style("s3a://b/c=d.jpg", 0.25)),
            List.of(new Style("s3a://b/c=d.jpg", 1)));
    assertThat(steps.get(1).blend()).hasValue(0.25);
    assertThat(steps.get(1).label(Map.of("file:/here/a.jpg", "a", "s3a://b/c=d.jpg", "d")))
        .isEqualTo("a+d-0.25");
  }

  @Test
  void aSetHasEqualWeightsUnlessTheyAreGiven() {
    assertThat(SweepStyle.set(text("a.jpg:file:/b.jpg:s3a://x/c.jpg")).parts())
        .containsExactly(
            new Style("file:/here/a.jpg", 1),
            new Style("file:/b.jpg", 1),
            new Style("s3a://x/c.jpg", 1));
    SweepStyle weighted = SweepStyle.set(text("a.jpg:b.jpg=3:1"));
    assertThat(weighted.parts())
        .containsExactly(new Style("file:/here/a.jpg", 3), new Style("file:/here/b.jpg", 1));
    assertThat(weighted.label(Map.of("file:/here/a.jpg", "a", "file:/here/b.jpg", "b")))
        .isEqualTo("a+b-3:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.jpg=0,1 | expected two paintings",
        "a.jpg:b.jpg | expected two paintings",
        "a.jpg:b.jpg:c.jpg=0,1 | expected two paintings",
        "a.jpg:b.jpg=0,2 | shares of the second from 0 to 1",
        "a.jpg:b.jpg=0,,1 | expected numbers",
        "a.jpg:=0,1 | was blank",
      })
  void saysWhatIsWrongWithABlend(String typed, String message) {
    assertThatThrownBy(() -> SweepStyle.blend(text(typed))).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.jpg | at least two paintings",
        "a.jpg:b.jpg=1 | at least two paintings",
        "a.jpg:b.jpg=1:0 | positive weight",
      })
  void saysWhatIsWrongWithASet(String typed, String message) {
    assertThatThrownBy(() -> SweepStyle.set(text(typed))).hasMessageContaining(message);
  }

  private static SweepText text(String text) {
    return new SweepText(text, "file:/here");
  }
}
