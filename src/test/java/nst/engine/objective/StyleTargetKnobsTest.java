package nst.engine.objective;

import static nst.model.knob.Effect.FEATURES;
import static nst.model.knob.Effect.SIZES;
import static nst.model.knob.Effect.STYLE_TARGETS;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nst.engine.TestEngine;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.sizing.Pyramid;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.image.Photo;
import nst.image.RgbImage;
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
 * keys are shared, so they must be equal; those of photos as well.
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

  private static final Map<Size, RgbImage> PHOTO = new HashMap<>();

  /** The targets of one recipe by scale, with their keys in the caches. */
  private record Found(
      List<SharedTargets.StyleKey> keys,
      List<Map<Layer, List<Float>>> grams,
      List<SharedTargets.PhotoKey> photoKeys,
      List<List<Map<Layer, List<Float>>>> photoMaps) {}

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
          if (after.photoKeys().equals(before.photoKeys())) {
            assertThat(after.photoMaps().equals(before.photoMaps()))
                .as("%s=%s gives the maps of the photo's key", knob.key(), varied.text(knob))
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
    Found found =
        new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Pyramid.Scale scale : Sizing.scales(full, resolved).scales()) {
      RgbImage photo =
          PHOTO.computeIfAbsent(scale.size(), size -> IMAGES.content().at(size)); // keys: identity
      ScaleSetup setup =
          new ScaleSetup(
              new FeatureExtractor(
                  MANAGER, filters(resolved.backbone()).network(arithmetic, resolved), arithmetic),
              new SharedTargets(1 << 24, 0),
              new SourceImages(
                  Photo.of(
                      IMAGES.content().size(),
                      Map.of(scale.size(), photo),
                      Optional.of(IMAGES.content().palette())),
                  IMAGES.styles(),
                  Optional.empty()),
              resolved,
              full,
              scale.size());
      found.keys().add(setup.key(IMAGES.styles().get(0)));
      found.grams().add(values(setup.grams(IMAGES.styles().get(0)).byLayer()));
      found.photoKeys().add(setup.photoKey());
      SharedTargets.PhotoMaps maps = setup.sharedPhotoMaps();
      found.photoMaps().add(List.of(values(maps.content()), values(maps.grams().byLayer())));
    }
    return found;
  }

  private static Map<Layer, List<Float>> values(Map<Layer, float[]> byLayer) {
    Map<Layer, List<Float>> values = new EnumMap<>(Layer.class);
    byLayer.forEach(
        (layer, singles) -> {
          List<Float> entries = new ArrayList<>();
          for (float entry : singles) {
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
