package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nst.Fuzz;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.TestFiles;
import nst.image.record.ImageRecord;
import nst.image.record.ImageRecordReader;
import nst.model.TransferException;
import nst.model.knob.OutputChoices.OutputFormat;
import org.junit.jupiter.api.Test;

/**
 * Checks that a damaged image is decoded or rejected with a code and a message, without another
 * exception.
 */
class ImageFuzzTest {
  private static final ImageDecoder DECODER =
      new ImageDecoder(new ImageLimits(16 << 20, 1_000_000, 4, 20));

  private static final List<String> FIXTURES =
      List.of(
          "alpha.webp",
          "animated.gif",
          "animated.png",
          "animated.webp",
          "cmyk-adobe.jpg",
          "cmyk.tiff",
          "lossy.webp",
          "pages.tiff",
          "progressive.jpg",
          "turned.tiff",
          "turned.webp");

  @Test
  void imagesAreDecodedOrRefused() {
    List<byte[]> sound = new ArrayList<>(List.of(TestFiles.jpeg(48, 32), TestFiles.png(48, 32)));
    sound.add(TestFiles.write(new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB), "bmp"));
    FIXTURES.forEach(name -> sound.add(TestFiles.fixture(name)));
    Fuzz.run(
        "image",
        58,
        sound,
        bytes -> {
          try {
            assertThat(DECODER.decode(bytes).image().planes()).doesNotContain(Float.NaN);
          } catch (TransferException e) {
            assertThat(e).hasMessageMatching("(?s).*\\w.*");
          }
        });
  }

  @Test
  void recordsAreReadOrRefused() {
    ImageRecord record = new ImageRecord("{\"id\":\"Zürich\"}", Map.of("style", "s3a://b/a.jpg"));
    RgbImage picture = TestFiles.picture(24, 16);
    List<byte[]> sound =
        List.of(
            ImageEncoder.encode(picture, OutputFormat.PNG, 92, pixels -> record),
            ImageEncoder.encode(picture, OutputFormat.JPG, 92, pixels -> record));
    Fuzz.run(
        "record",
        10,
        sound,
        bytes -> {
          try {
            ImageRecordReader.read(bytes);
          } catch (TransferException e) {
            assertThat(e).hasMessageMatching("(?s).*\\w.*");
          }
        });
  }
}
