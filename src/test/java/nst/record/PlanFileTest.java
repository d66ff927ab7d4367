package nst.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checks which differences prevent a run from being resumed. */
class PlanFileTest {
  private static final PlanFile PLANNED = plan("m", "digest", "vgg16 a", 2, "image_size=256");

  private static PlanFile plan(
      String manifest, String digest, String networks, int algorithm, String planned) {
    return new PlanFile(
        "nightly",
        "2026-01-01",
        manifest,
        digest,
        networks,
        algorithm,
        planned,
        Map.of("PLANNED", 3L),
        1.5,
        "2026-01-01T00:00:00Z",
        Map.of(),
        Map.of());
  }

  @Test
  void equalPlansHaveNoDifferences() {
    assertThat(PLANNED.differences(PlanFile.read(PLANNED.json().getBytes(UTF_8)))).isEmpty();
  }

  @Test
  void eachDifferenceIsNamedWithBothValues() {
    assertThat(PLANNED.differences(plan("n", "digest", "vgg16 a", 2, "image_size=256")))
        .containsExactly("manifest was m, is now n");
    assertThat(PLANNED.differences(plan("m", "other", "vgg16 a", 2, "image_size=256")))
        .containsExactly("manifest content was digest, is now other");
    assertThat(PLANNED.differences(plan("m", "digest", "vgg16 b", 2, "image_size=256")))
        .containsExactly("weights was vgg16 a, is now vgg16 b");
    assertThat(PLANNED.differences(plan("m", "digest", "vgg16 a", 3, "image_size=256")))
        .containsExactly("algorithm version was 2, is now 3");
    assertThat(PLANNED.differences(plan("m", "digest", "vgg16 a", 2, "image_size=512")))
        .containsExactly("image_size was 256, is now 512");
  }

  @Test
  void allDifferencesAreNamedAtOnce() {
    assertThat(PLANNED.differences(plan("n", "o", "p", 3, "image_size=512"))).hasSize(5);
  }
}
