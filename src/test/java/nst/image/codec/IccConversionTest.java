package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IccConversionTest {
  private static final int PIXELS = 40;

  /** A colour that is kept must not differ from one that is converted. */
  @ParameterizedTest
  @CsvSource({ColorSpace.CS_LINEAR_RGB + ", 3", ColorSpace.CS_GRAY + ", 1"})
  void convertsEachPixelAsIfItWereTheOnlyOne(int space, int components) {
    ICC_Profile profile = ICC_Profile.getInstance(space);
    Random random = new Random(7);
    float[] pixels = new float[PIXELS * components];
    for (int i = 0; i < pixels.length; i++) {
      // Some are out of range, the first are zero, and the last are those of the beginning.
      pixels[i] =
          i < components
              ? 0
              : i < pixels.length / 2
                  ? random.nextFloat(-0.1f, 1.1f)
                  : pixels[i - pixels.length / 2];
    }

    IccConversion conversion = conversion(profile, components);
    float[] first = conversion.toSrgb(pixels);
    float[] second = conversion.toSrgb(pixels);

    assertThat(second).isEqualTo(first);
    for (int i = 0; i < PIXELS; i++) {
      float[] pixel = Arrays.copyOfRange(pixels, i * components, (i + 1) * components);
      float[] alone = conversion(profile, components).toSrgb(pixel);
      assertThat(Arrays.copyOfRange(first, 3 * i, 3 * i + 3)).isEqualTo(alone);
    }
    assertThat(first[PIXELS / 2 + 1]).isNotEqualTo(pixels[(PIXELS / 2 + 1) / 3 * components]);
  }

  private static IccConversion conversion(ICC_Profile profile, int components) {
    List<String> warnings = new ArrayList<>();
    IccConversion conversion = IccConversion.of(profile, components, warnings).orElseThrow();
    assertThat(warnings).isEmpty();
    return conversion;
  }
}
