package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import nst.image.DetailTransfer;
import nst.image.ImageLimits;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.TestFiles;
import nst.image.TestImages;
import nst.image.record.ImageRecord;
import nst.model.knob.OutputChoices.OutputFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks alpha, and 16 bits, from a file to an image and back, with the JDK's reader. */
class TransparencyTest {
  private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.DEFAULT);
  private static final int WIDTH = 37;
  private static final int HEIGHT = 33;

  @Test
  void thePhotoKeepsItsAlphaWithItsPixelsOnWhite() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(1, 0, 0xFF102030);
    image.setRGB(2, 0, 0x80000000);
    RgbImage decoded = DECODER.decode(TestFiles.write(image, "png")).image();
    assertThat(decoded.alpha().orElseThrow()).startsWith(0, 1, 128 / 255f, 0);
    assertThat(TestImages.value(decoded, 0, 2, 0)).isEqualTo(1 - 128 / 255f);
    assertThat(DECODER.decode(TestFiles.png(WIDTH, HEIGHT)).image().alpha()).isEmpty();
  }

  @Test
  void alphaIsTurnedUprightWithThePixels() {
    float[] alpha = {0, 0.25f, 0.5f, 0.75f, 1, 0.1f}; // 3 x 2
    RgbImage stored = new RgbImage(3, 2, new float[18]).withAlpha(Optional.of(alpha));
    RgbImage turned = Orientation.TURNED_RIGHT.upright(stored);
    RgbImage channel = new RgbImage(3, 2, thrice(alpha));
    assertThat(thrice(turned.alpha().orElseThrow()))
        .isEqualTo(Orientation.TURNED_RIGHT.upright(channel).planes());
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void theJdkReadsTheRoundedSamplesAndTheDigestIsThatOfTheFile(OutputFormat format)
      throws IOException {
    RgbImage picture = transparent();
    List<String> told = new ArrayList<>();
    byte[] file =
        ImageEncoder.encode(
            picture,
            format,
            92,
            digest -> {
              told.add(digest);
              return new ImageRecord("{}", Map.of());
            });
    assertThat(told).containsExactly(PixelDigest.of(file));
    Raster raster = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
    assertThat(raster.getSampleModel().getSampleSize(0)).isEqualTo(format.bits());
    assertThat(raster.getNumBands()).isEqualTo(format.hasAlpha() ? 4 : 3);
    for (int band = 0; band < raster.getNumBands() && format.hasAlpha(); band++) {
      float[] plane =
          band < 3
              ? Arrays.copyOfRange(
                  picture.planes(), band * WIDTH * HEIGHT, (band + 1) * WIDTH * HEIGHT)
              : picture.alpha().orElseThrow();
      int[] samples = raster.getSamples(0, 0, WIDTH, HEIGHT, band, (int[]) null);
      for (int i = 0; i < samples.length; i++) {
        assertThat(samples[i]).isEqualTo(Rounding.toLevel(plane[i], format.bits()));
      }
    }
  }

  /** Colours below transparent pixels are kept, so that an output is enlarged with them. */
  @Test
  void anOutputIsReadWithTheColorsThatItStores() {
    RgbImage picture = Rounding.toBits(TestImages.noise(WIDTH, HEIGHT, 3), 16);
    RgbImage hidden = picture.withAlpha(Optional.of(new float[WIDTH * HEIGHT]));
    byte[] file = PixelWriter.png(hidden, 16);
    assertThat(DECODER.decodeOutput(file).planes()).isEqualTo(picture.planes());
    assertThat(DECODER.decode(file).image().planes()).containsOnly(1);
  }

  @Test
  void aDigestChangesWithAlphaAndNotWithAnAlphaThatIsOpaqueOnceRounded() {
    RgbImage opaque = TestImages.noise(WIDTH, HEIGHT, 3);
    float[] nearly = new float[WIDTH * HEIGHT];
    Arrays.fill(nearly, 0.999f);
    String plain = PixelDigest.of(PixelWriter.png(opaque));
    assertThat(PixelDigest.of(PixelWriter.png(opaque.withAlpha(Optional.of(nearly)))))
        .isEqualTo(plain);
    assertThat(PixelDigest.of(PixelWriter.png(opaque.withAlpha(transparent().alpha()))))
        .isNotEqualTo(plain);
  }

  @Test
  void anEnlargedPictureHasTheAlphaOfItsPhoto() {
    RgbImage photo = transparent();
    RgbImage small = Resampler.resize(photo, 12, 11);
    assertThat(small.alpha().orElseThrow()).hasSize(12 * 11);
    RgbImage enlarged = DetailTransfer.enlarge(small, photo, Integer.MAX_VALUE);
    assertThat(enlarged.alpha().orElseThrow()).isEqualTo(photo.alpha().orElseThrow());
    RgbImage longest = DetailTransfer.enlarge(small, photo, 20);
    assertThat(longest.width()).isEqualTo(20);
    assertThat(longest.alpha().orElseThrow()).hasSize(20 * longest.height());
  }

  /**
   * Files of the corpus have one of two alphas, a gradient and a shape. Pillow's sum of its levels
   * is the reference, and all files of one alpha agree at each pixel.
   */
  @ParameterizedTest
  @CsvSource({
    "243841, cwebp-lossless-alpha.webp, cwebp-alpha.webp",
    "243841, cwebp-lossless-alpha.webp, rgb-alpha.tif",
    "243841, cwebp-lossless-alpha.webp, rgb-alpha-16.tif",
    "243841, cwebp-lossless-alpha.webp, rgb-associated.tif",
    "243841, cwebp-lossless-alpha.webp, rgb-associated-planar.tif",
    "243841, cwebp-lossless-alpha.webp, im-alpha.tif",
    "243841, cwebp-lossless-alpha.webp, vips-alpha.tif",
    "322065, pillow-gray-alpha.png, pillow-palette-alpha.png",
    "322065, pillow-gray-alpha.png, pillow-transparent.gif",
    "322065, pillow-gray-alpha.png, im-alpha.bmp",
  })
  void everyFormatKeepsItsAlpha(long sum, String reference, String file) {
    int[] levels = alphaLevels(file);
    assertThat(Arrays.stream(levels).sum()).isEqualTo(sum);
    assertThat(levels).isEqualTo(alphaLevels(reference));
  }

  private static int[] alphaLevels(String file) {
    RgbImage image = DECODER.decode(TestFiles.fixture("corpus/files/" + file)).image();
    float[] alpha = image.alpha().orElseThrow();
    return IntStream.range(0, alpha.length).map(i -> Rounding.toLevel(alpha[i])).toArray();
  }

  private static float[] thrice(float[] plane) {
    float[] planes = Arrays.copyOf(plane, 3 * plane.length);
    System.arraycopy(plane, 0, planes, plane.length, plane.length);
    System.arraycopy(plane, 0, planes, 2 * plane.length, plane.length);
    return planes;
  }

  private static RgbImage transparent() {
    float[] alpha = new float[WIDTH * HEIGHT];
    for (int i = 0; i < alpha.length; i++) {
      alpha[i] = i % 101 / 100f;
    }
    return TestImages.noise(WIDTH, HEIGHT, 3).withAlpha(Optional.of(alpha));
  }
}
