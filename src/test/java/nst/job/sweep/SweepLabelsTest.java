package nst.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SweepLabelsTest {

  @Test
  void aNameIsAsShortAsItCanBe() {
    assertThat(labels("file:/a/pier.jpg", "file:/b/lake.png")).containsExactly("pier", "lake");
    assertThat(labels("file:/a/pier.jpg", "file:/b/pier.png"))
        .containsExactly("pier.jpg", "pier.png");
    assertThat(labels("file:/a/pier.jpg", "file:/b/pier.jpg"))
        .containsExactly("a/pier.jpg", "b/pier.jpg");
    assertThat(labels("file:/x/a/pier.jpg", "s3a://x/a/pier.jpg"))
        .containsExactly("file:/x/a/pier.jpg", "s3a://x/a/pier.jpg");
  }

  private static List<String> labels(String... uris) {
    return List.copyOf(SweepLabels.of(List.of(uris)).values());
  }

  @Test
  void anIdIsShortAndUnused() {
    Set<String> used = new HashSet<>();
    assertThat(SweepLabels.unused("a", used)).isEqualTo("a");
    assertThat(SweepLabels.unused("a", used)).isEqualTo("a-2");
    assertThat(SweepLabels.unused("a", used)).isEqualTo("a-3");
    String first = SweepLabels.unused("x".repeat(500) + 1, used);
    String second = SweepLabels.unused("x".repeat(500) + 2, used);
    assertThat(List.of(first, second)).allSatisfy(id -> assertThat(id).hasSize(200));
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void aNumberIsWrittenWithoutWhatItDoesNotNeed() {
    assertThat(List.of(100.0, 0.05, 1e-8, 1e12).stream().map(SweepLabels::number))
        .containsExactly("100", "0.05", "0.00000001", "1E+12");
  }
}
