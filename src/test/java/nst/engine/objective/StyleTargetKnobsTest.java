package nst.engine.objective;

import static nst.model.knob.Effect.FEATURES;
import static nst.model.knob.Effect.SIZES;
import static nst.model.knob.Effect.STYLE_TARGETS;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nst.engine.TestEngine;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.sizing.Pyramid;
import nst.engine.sizing.Sizing;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.KnobVariations;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks that each knob changes the style targets exactly if it declares this. Targets with equal
 * keys are shared, so they must be equal.
 */
@Tag("slow")
class StyleTargetKnobsTest {
  private static final String COMMON =
      "network=a.safetensors\nsmallest_size=0\nnum_iterations=20\n";

  private static final SourceImages IMAGES = TestEngine.images(64, 48);
  private static final NDManager MANAGER = TestEngine.device().manager().newSubManager();
  private static final TensorOperations OPERATIONS = TensorOperations.load(MANAGER);
  private static final Map<Backbone, FilterBank> FILTERS = new EnumMap<>(Backbone.class);

  /** Together, these recipes use every knob that the targets depend on. */
  private static final List<Hyperparameters> BASES =
      Stream.of(
              "",
              "size_rule=exact\nimage_width=40\nimage_height=32\nstyle_fit=crop",
              "smallest_size=24\nscale_ratio=1.5\ncoarse_share=0.5",
              "style_layers_end=relu1_1:1")
          .map(lines -> TestEngine.shallow(COMMON + lines))
          .toList();

  /** The targets of one recipe by scale, with their keys in the cache. */
  private record Found(List<StyleTargets.Key> keys, List<Map<Layer, List<Float>>> grams) {}

  @AfterAll
  static void close() {
    FILTERS.values().forEach(FilterBank::close);
    MANAGER.close();
  }

  @ParameterizedTest
  @EnumSource(Knob.class)
  void aKnobAffectsTheStyleTargetsAsDeclared(Knob knob) {
    boolean changesKeys = false;
    for (Hyperparameters base : BASES) {
      Found before = found(base);
      for (Hyperparameters varied : KnobVariations.of(base, knob)) {
        if (runsOnCpu(varied)) {
          Found after = found(varied);
          changesKeys |= !after.keys().equals(before.keys());
          if (after.keys().equals(before.keys())) {
            assertThat(after.grams().equals(before.grams()))
                .as("%s=%s gives the targets of its key", knob.key(), varied.text(knob))
                .isTrue();
          }
        }
      }
    }
    assertThat(changesKeys)
        .as("%s changes the key of the style targets", knob.key())
        .isEqualTo(knob.affectsAny(FEATURES, SIZES, STYLE_TARGETS));
  }

  private static boolean runsOnCpu(Hyperparameters hyperparameters) {
    return hyperparameters.precision() != Precision.FLOAT16;
  }

  private static Found found(Hyperparameters hyperparameters) {
    TestEngine.device().enter();
    Hyperparameters resolved = resolved(hyperparameters);
    Arithmetic arithmetic = new Arithmetic(resolved.precision(), OPERATIONS);
    Size full = Sizing.working(new Size(64, 48), resolved);
    List<StyleTargets.Key> keys = new ArrayList<>();
    List<Map<Layer, List<Float>>> grams = new ArrayList<>();
    for (Pyramid.Scale scale : Sizing.scales(full, resolved).scales()) {
      ScaleSetup setup =
          new ScaleSetup(
              new FeatureExtractor(
                  MANAGER, filters(resolved.backbone()).network(arithmetic, resolved), arithmetic),
              new StyleTargets(1 << 24),
              IMAGES,
              resolved,
              full,
              scale.size());
      keys.add(setup.key(IMAGES.styles().get(0)));
      grams.add(values(setup.grams(IMAGES.styles().get(0))));
    }
    return new Found(keys, grams);
  }

  private static Map<Layer, List<Float>> values(StyleTargets.Grams grams) {
    Map<Layer, List<Float>> values = new EnumMap<>(Layer.class);
    grams
        .byLayer()
        .forEach(
            (layer, gram) -> {
              List<Float> entries = new ArrayList<>();
              for (float entry : gram) {
                entries.add(entry);
              }
              values.put(layer, entries);
            });
    return values;
  }

  /** Resolves {@code precision=auto} as the engine does on a CPU. */
  private static Hyperparameters resolved(Hyperparameters hyperparameters) {
    return hyperparameters.precision() == Precision.AUTO
        ? hyperparameters.with(Knob.PRECISION, Precision.FLOAT32)
        : hyperparameters;
  }

  private static FilterBank filters(Backbone backbone) {
    return FILTERS.computeIfAbsent(
        backbone, name -> new FilterBank(MANAGER, NetworkWeights.seeded(name)));
  }
}
