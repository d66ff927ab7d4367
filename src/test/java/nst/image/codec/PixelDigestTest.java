package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import nst.image.RgbImage;
import nst.image.record.ImageRecord;
import nst.image.record.ImageRecordReader;
import nst.model.knob.OutputChoices.OutputFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PixelDigestTest {
  private static final int WIDTH = 19;
  private static final int HEIGHT = 13;

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void theDigestInTheRecordIsThatOfAReader(OutputFormat format) {
    List<String> told = new ArrayList<>();
    byte[] file =
        ImageEncoder.encode(
            picture(1),
            format,
            92,
            pixelsSha256 -> {
              told.add(pixelsSha256);
              return record("{\"pixels\":\"" + pixelsSha256 + "\"}");
            });
    assertThat(told).containsExactly(PixelDigest.of(file));
    assertThat(ImageRecordReader.read(file)).contains("{\"pixels\":\"" + told.get(0) + "\"}");
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void dependsOnThePixelsAndNotOnTheRecord(OutputFormat format) {
    String digest =
        PixelDigest.of(ImageEncoder.encode(picture(1), format, 92, pixels -> record("{}")));
    assertThat(PixelDigest.of(ImageEncoder.encode(picture(1), format, 92, pixels -> record("[1]"))))
        .isEqualTo(digest);
    assertThat(PixelDigest.of(ImageEncoder.encode(picture(2), format, 92, pixels -> record("{}"))))
        .isNotEqualTo(digest);
  }

  @Test
  void ofAPngIsTheDigestOfItsSizeAndItsBytes() throws NoSuchAlgorithmException, IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0102FF);
    image.setRGB(1, 0, 0x00807F);
    ByteArrayOutputStream repacked = new ByteArrayOutputStream();
    ImageIO.write(image, "png", repacked); // with different chunks than ours
    byte[] expected =
        ByteBuffer.allocate(14)
            .putInt(2)
            .putInt(1)
            .put(new byte[] {1, 2, (byte) 0xFF, 0, (byte) 0x80, 0x7F})
            .array();
    assertThat(PixelDigest.of(repacked.toByteArray()))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(expected)));
  }

  @Test
  void ofAJpegChangesWithASegmentThatChangesItsColours() {
    byte[] file = ImageEncoder.encode(picture(1), OutputFormat.JPG, 92, pixels -> record("{}"));
    byte[] adobe = HexFormat.of().parseHex("FFEE000E41646F6265006400000000" + "00");
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(file, 0, 2);
    changed.writeBytes(adobe);
    changed.write(file, 2, file.length - 2);
    assertThat(PixelDigest.of(changed.toByteArray())).isNotEqualTo(PixelDigest.of(file));
  }

  private static ImageRecord record(String json) {
    return new ImageRecord(json, Map.of("key", "k"));
  }

  private static RgbImage picture(int seed) {
    Random random = new Random(seed);
    float[] planes = new float[3 * WIDTH * HEIGHT];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = random.nextFloat() * 1.2f - 0.1f; // some are clamped
    }
    return new RgbImage(WIDTH, HEIGHT, planes);
  }
}
