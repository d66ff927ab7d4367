package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.TestFiles;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares decoded files of independent encoders with the pixels of independent decoders, those of
 * Pillow and libwebp, see {@code corpus.py}. For a file that must be rejected, the corpus has the
 * error code.
 */
class CorpusTest {
  /** The tolerance in levels of 255, averaged over all pixels and channels. */
  private static final double TOLERANCE = 2;

  private static final ImageDecoder DECODER =
      new ImageDecoder(new ImageLimits(16 << 20, 4_000_000, 8, 20));

  record Case(String file, String expected, String encoder) {
    boolean isPicture() {
      return expected.endsWith(".png");
    }

    byte[] bytes() {
      return TestFiles.fixture("corpus/files/" + file);
    }

    @Override
    public String toString() {
      return file + " of " + encoder;
    }
  }

  static Stream<Case> cases() {
    String table = new String(TestFiles.fixture("corpus/corpus.tsv"), StandardCharsets.UTF_8);
    return table
        .lines()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(cells -> new Case(cells[0], cells[1], cells[2]));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodesToTheRightPixelsOrSaysTheRightCode(Case one) {
    if (!one.isPicture()) {
      assertThat(outcome(one.bytes())).isEqualTo(one.expected());
      return;
    }
    RgbImage expected =
        DECODER.decode(TestFiles.fixture("corpus/expected/" + one.expected())).image();
    RgbImage image = DECODER.decode(one.bytes()).image();
    assertThat(List.of(image.width(), image.height()))
        .as("width and height")
        .isEqualTo(List.of(expected.width(), expected.height()));
    assertThat(meanDifference(image, expected)).as("levels").isLessThanOrEqualTo(TOLERANCE);
  }

  static Stream<Case> pictures() {
    return cases().filter(Case::isPicture);
  }

  /**
   * Checks that the limits apply to the size of the decoded image, which the decoder reads from the
   * header. One pixel less than that is too few, and the message has the size.
   */
  @ParameterizedTest
  @MethodSource("pictures")
  void checksTheLimitsAgainstTheSizeThatItDecodes(Case one) {
    RgbImage image = DECODER.decode(one.bytes()).image();
    long pixels = (long) image.width() * image.height();
    assertThat(withMostPixels(pixels).decode(one.bytes()).image()).isNotNull();
    assertThatThrownBy(() -> withMostPixels(pixels - 1).decode(one.bytes()))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_TOO_LARGE))
        .hasMessageEndingWith("was %d x %d = %d", image.width(), image.height(), pixels);
  }

  private static ImageDecoder withMostPixels(long pixels) {
    return new ImageDecoder(new ImageLimits(16 << 20, pixels, 8, 20));
  }

  /**
   * Checks that a truncated file is rejected with a message and never gives a part of the image.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void refusesAFileThatIsCutInTheMiddle(Case one) {
    if (one.file().equals("motion-photo.jpg")) {
      return; // the second half is the video
    }
    byte[] whole = one.bytes();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThat(outcome(half)).isIn("CORRUPT_IMAGE", "UNSUPPORTED_FORMAT", "NOT_AN_IMAGE");
  }

  @Test
  void holdsEveryEncoder() {
    List<String> encoders = cases().map(Case::encoder).toList();
    for (String encoder :
        List.of("Pillow", "ImageMagick", "ffmpeg", "cwebp", "libvips", "libjpeg-turbo")) {
      assertThat(encoders).anyMatch(encoder::equals);
    }
  }

  private static String outcome(byte[] bytes) {
    try {
      DECODER.decode(bytes);
      return "OK";
    } catch (TransferException e) {
      return e.code().name();
    }
  }

  static double meanDifference(RgbImage a, RgbImage b) {
    double sum = 0;
    for (int i = 0; i < a.planes().length; i++) {
      sum += Math.abs(a.planes()[i] - b.planes()[i]);
    }
    return 255 * sum / a.planes().length;
  }
}
