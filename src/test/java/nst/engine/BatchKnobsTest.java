package nst.engine;

import static nst.model.knob.Effect.FEATURES;
import static nst.model.knob.Effect.SIZES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import nst.engine.sizing.Sizing;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.KnobVariations;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that each knob changes which images share a pass exactly if it declares this. */
class BatchKnobsTest {
  private static final String COMMON =
      "network=a.safetensors\nsmallest_size=0\nnum_iterations=20\n";

  private static final List<Hyperparameters> BASES =
      Stream.of(
              "",
              "size_rule=exact\nimage_width=40\nimage_height=32",
              "smallest_size=24\nscale_ratio=1.5\ncoarse_share=0.5")
          .map(lines -> TestEngine.shallow(COMMON + lines))
          .toList();

  @ParameterizedTest
  @EnumSource(Knob.class)
  void aKnobAffectsTheBatchAsDeclared(Knob knob) {
    assertThat(
            BASES.stream()
                .anyMatch(
                    base ->
                        KnobVariations.of(base, knob).stream()
                            .anyMatch(varied -> !kinds(varied).equals(kinds(base)))))
        .as("%s changes which images share a pass", knob.key())
        .isEqualTo(knob.affectsAny(FEATURES, SIZES) || Knob.ofLayers().contains(knob));
  }

  private static List<DynamicBatcher.Kind> kinds(Hyperparameters hyperparameters) {
    return Sizing.scales(Sizing.working(new Size(64, 48), hyperparameters), hyperparameters)
        .scales()
        .stream()
        .map(scale -> DynamicBatcher.Kind.of(hyperparameters, scale.size()))
        .toList();
  }
}
