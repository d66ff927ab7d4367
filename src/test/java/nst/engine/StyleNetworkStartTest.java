package nst.engine;

import static nst.engine.TestEngine.images;
import static nst.engine.TestEngine.shallow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import nst.engine.network.Arithmetic;
import nst.engine.network.TensorOperations;
import nst.engine.source.SourceImages;
import nst.engine.stylenetwork.NetworkStart;
import nst.engine.stylenetwork.StyleNetwork;
import nst.engine.stylenetwork.StyleNetworkFile;
import nst.engine.stylenetwork.TestNetworks;
import nst.image.OriginalColors;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.model.LossSample;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that start from the picture of a style network. */
class StyleNetworkStartTest {
  private static final StyleNetworkFile FILE = TestNetworks.file(2, 3, "{}");
  private static final SourceImages IMAGES = images(60, 40);
  private static final RgbImage PHOTO = Resampler.resize(IMAGES.content().whole(), 48, 32);

  /** A pyramid, if the start were another. */
  private static final String KNOBS =
      "init=network\nnetwork=n.safetensors\nimage_size=48\nsmallest_size=24\nnum_iterations=";

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "BFLOAT16"})
  void withoutStepsTheImageIsTheNetworksPicture(Precision precision) {
    StylizedImage stylized = stylize("0\nprecision=" + lower(precision), 1, 0);

    assertThat(stylized.image().planes()).isEqualTo(picture(precision, 1, 0).planes());
    assertThat(stylized.precision()).isEqualTo(precision);
    assertThat(stylized.iterations()).isZero();
    assertThat(stylized.losses()).hasSize(1);
    LossSample start = stylized.losses().get(0);
    assertThat(start.scale()).isEqualTo(48);
    assertThat(start.totalLoss()).isPositive();
    assertThat(stylized.saved().totalLoss()) // of the same picture, rounded to 8 bits
        .isCloseTo(start.totalLoss(), within(0.05 * start.totalLoss()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "BFLOAT16"})
  void stepsLowerTheLossOfTheNetworksPicture(Precision precision) {
    String lines = "\nprecision=" + lower(precision);
    StylizedImage alone = stylize("0" + lines, 0, 1);
    StylizedImage refined = stylize("3" + lines, 0, 1);

    assertThat(refined.initialTotalLoss()).isEqualTo(alone.initialTotalLoss());
    assertThat(refined.saved().totalLoss()).isLessThan(0.9 * alone.saved().totalLoss());
    assertThat(refined.losses()).extracting(LossSample::iteration).containsExactly(0, 1, 2, 3);
    assertThat(refined.losses()).extracting(LossSample::scale).containsOnly(48);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "noise_ratio=0.2", "original_colors=luminance_oklab", "precision=bfloat16"})
  void withoutLossesThePixelsAreTheSame(String knobs) {
    NetworkStart start = new NetworkStart(FILE, "digest", List.of(0.25, 0.75));
    StylizedImage unmeasured =
        TestEngine.engine().picture(IMAGES, start, shallow(KNOBS + "0\n" + knobs));

    StylizedImage measured = stylize("0\n" + knobs, 0.25, 0.75);
    assertThat(unmeasured.image().planes()).isEqualTo(measured.image().planes());
    assertThat(unmeasured.precision()).isEqualTo(measured.precision());
    assertThat(unmeasured.losses()).isEmpty();
    assertThat(unmeasured.savedLosses()).isEmpty();
    assertThat(unmeasured.evaluations()).isZero();
    assertThat(measured.evaluations()).isOne();
  }

  @Test
  void looksAreBlendedByTheirShares() {
    float[] blended = stylize("0", 0.25, 0.75).image().planes();

    assertThat(blended).isEqualTo(picture(Precision.FLOAT32, 0.25f, 0.75f).planes());
    assertThat(blended).isNotEqualTo(picture(Precision.FLOAT32, 1, 0).planes());
    assertThat(blended).isNotEqualTo(picture(Precision.FLOAT32, 0, 1).planes());
  }

  @Test
  void thePhotosColoursReplaceThoseOfTheNetworksPicture() {
    assertThat(stylize("0\noriginal_colors=luminance_ycbcr", 1, 0).image().planes())
        .isEqualTo(OriginalColors.luminanceYcbcr(picture(Precision.FLOAT32, 1, 0), PHOTO).planes());
  }

  @Test
  void theNetworkMustBeGiven() {
    assertThatThrownBy(() -> TestEngine.stylize(IMAGES, shallow(KNOBS + 1)))
        .hasMessage("expected a style network with init=network, was none");
  }

  private static StylizedImage stylize(String lines, double... blend) {
    NetworkStart start = new NetworkStart(FILE, "digest", List.of(blend[0], blend[1]));
    return TestEngine.engine()
        .stylize(
            IMAGES,
            Optional.of(start),
            shallow(KNOBS + lines),
            (sample, picture) -> {},
            Instant.MAX);
  }

  private static RgbImage picture(Precision precision, float... blend) {
    try (NDManager manager = TestEngine.device().manager().newSubManager();
        StyleNetwork network = FILE.on(manager)) {
      TensorOperations operations = TensorOperations.load(manager);
      return network.picture(PHOTO, blend, new Arithmetic(precision, operations));
    }
  }

  private static String lower(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }
}
