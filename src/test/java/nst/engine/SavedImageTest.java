package nst.engine;

import static nst.engine.TestEngine.images;
import static nst.engine.TestEngine.shallow;
import static nst.engine.TestEngine.stylize;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import nst.engine.source.SourceImages;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks what the format of the saved image changes. */
@Tag("slow")
class SavedImageTest {
  private static final String TWO_STEPS = "num_iterations=2\nimage_size=40\noutput_format=";

  @Test
  void theLossesAreThoseOfTheBitsThatAreSaved() {
    StylizedImage eight = stylize(images(40, 36), shallow(TWO_STEPS + "png"));
    StylizedImage sixteen = stylize(images(40, 36), shallow(TWO_STEPS + "png16"));

    assertThat(sixteen.image().planes()).isEqualTo(eight.image().planes());
    double last = eight.losses().get(2).totalLoss(); // of the pixels that are not rounded
    assertThat(Math.abs(sixteen.saved().totalLoss() - last))
        .isLessThan(0.1 * Math.abs(eight.saved().totalLoss() - last));
  }

  @Test
  void theImageHasTheAlphaOfThePhotoInItsOwnSize() {
    SourceImages opaque = images(80, 72);
    float[] alpha = new float[80 * 72];
    Arrays.fill(alpha, 0.5f);
    SourceImages transparent =
        new SourceImages(
            opaque.content().whole().withAlpha(Optional.of(alpha)), opaque.styles(), opaque.init());
    StylizedImage plain = stylize(opaque, shallow(TWO_STEPS + "png"));
    StylizedImage made = stylize(transparent, shallow(TWO_STEPS + "png"));

    assertThat(plain.image().alpha()).isEmpty();
    assertThat(made.image().planes()).isEqualTo(plain.image().planes());
    assertThat(made.image().alpha().orElseThrow()).hasSize(40 * 36).contains(0.5f);
  }
}
