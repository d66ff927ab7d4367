package nst.job.halving;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.manifest.ManifestTest;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepDefinition;
import nst.job.sweep.SweepMaker;
import nst.job.sweep.SweepPoints.Sampling;
import nst.job.sweep.SweepText;
import nst.model.Problems;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which sweeps can be halved. */
@Tag("slow")
class HalvingTest {
  @TempDir Path folder;
  private final Problems problems = new Problems();

  @Test
  void pointsThatDifferInTheirWeightsAndStepsCanBeCompared() {
    Optional<Halving> halving =
        halving("sum", "true", "content_weight=1,2,3", "style_scale=0.5,1,2", "num_iterations=5,9");
    assertThat(problems.list()).isEmpty();
    assertThat(halving.orElseThrow().rungs().stream().map(Rung::points)).containsExactly(18, 6);
    assertThat(halving.get().label(1))
        .isEqualTo("content_weight=1 style_scale=0.5 num_iterations=9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed=lin:1..8:8 | sum | true | --halving: expected at least 9 points, was 8",
        "seed=lin:1..9:9 gram=raw,centered | sum | true"
            + " | --halving: gram: expected one value in all points, because it changes what the terms measure, was raw and centered",
        "seed=lin:1..9:9 image_size=64,96 | sum | true | --halving: image_size: expected one value",
        "seed=lin:1..9:9 size_rule=content | sum | true | --halving: size_rule: expected a size that can be reduced",
        "seed=lin:1..9:9 loss_normalization=none | sum | true | --halving-rule: expected loss_normalization=initial",
        "seed=lin:1..9:9 | total_loss | true | --halving-rule: expected sum or a formula",
        "seed=lin:1..10:10 | sum | seed < 10 or style like '%t.jpg'"
            + " | --halving: expected the same photos and paintings in all points",
      })
  void otherSweepsAreRefused(String axes, String rule, String condition, String message) {
    assertThat(halving(rule, condition, axes.split(" "))).isEmpty();
    assertThat(problems.list()).singleElement().asString().startsWith(message);
  }

  @Test
  void aSingleTermNeedsNoCommonUnit() {
    assertThat(halving("style_loss", "true", "seed=lin:1..9:9", "loss_normalization=none"))
        .isPresent();
  }

  private Optional<Halving> halving(String rule, String condition, String... axes) {
    new TestCatalogue(folder)
        .picture("p.jpg", 40, 40, 1)
        .picture("s.jpg", 40, 40, 2)
        .picture("t.jpg", 40, 40, 3);
    Sweep sweep =
        new SweepMaker(TestSpark.session(), ManifestTest.config(), problems)
            .make(
                new SweepDefinition(
                    texts("p.jpg"),
                    texts("s.jpg", "t.jpg"),
                    List.of(),
                    List.of(),
                    texts(axes),
                    List.of(condition),
                    0,
                    Sampling.SOBOL,
                    0))
            .orElseThrow();
    return Halving.of(TestSpark.session(), sweep, rule, ManifestTest.config(), problems);
  }

  private List<SweepText> texts(String... texts) {
    return Stream.of(texts).map(text -> new SweepText(text, "file:" + folder)).toList();
  }
}
