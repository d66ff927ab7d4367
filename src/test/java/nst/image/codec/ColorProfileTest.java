package nst.image.codec;

import static nst.image.TestImages.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.TestFiles;
import nst.image.TestImages;
import nst.image.format.Deflated;
import nst.image.format.JpegSegments;
import org.junit.jupiter.api.Test;

/** Checks that colour profiles are converted to sRGB, and that damaged ones are ignored. */
class ColorProfileTest {
  private static final ImageDecoder DECODER =
      new ImageDecoder(new ImageLimits(16 << 20, 4_000_000, 8, 20));

  @Test
  void convertsAWideGamutToSrgb() {
    RgbImage flat = TestImages.flat(32, 32, 200 / 255.0, 100 / 255.0, 50 / 255.0);
    byte[] profile = TestFiles.wideGamutProfile();
    byte[] iccp = TestFiles.joined(TestFiles.ascii("p3\0\0"), Deflated.deflate(profile));
    byte[] png = TestFiles.withChunk(PixelWriter.png(flat), "iCCP", iccp);
    byte[] jpeg =
        TestFiles.withSegment(
            PixelWriter.jpeg(flat, 100),
            JpegSegments.APP2,
            TestFiles.joined(TestFiles.ascii("ICC_PROFILE\0\1\1"), profile));
    for (byte[] file : List.of(png, jpeg)) {
      DecodedImage decoded = DECODER.decode(file);
      assertThat(decoded.warnings()).isEmpty();
      // Linear P3 (0.5865, 0.1275, 0.0278) of gamma 2.2 in linear sRGB is (0.689, 0.108, 0.009).
      assertThat(value(decoded.image(), 0, 5, 5)).isCloseTo(0.849f, within(0.01f));
      assertThat(value(decoded.image(), 1, 5, 5)).isCloseTo(0.363f, within(0.01f));
      assertThat(value(decoded.image(), 2, 5, 5)).isCloseTo(0.093f, within(0.02f));
    }
  }

  @Test
  void aDamagedColorProfileIsAWarning() {
    byte[] profile = TestFiles.wideGamutProfile();
    profile[36] = 'X';
    byte[] jpeg =
        TestFiles.withSegment(
            TestFiles.jpeg(40, 30),
            JpegSegments.APP2,
            TestFiles.joined(TestFiles.ascii("ICC_PROFILE\0\1\1"), profile));
    assertThat(DECODER.decode(jpeg).warnings())
        .containsExactly("colour profile is damaged; colours were treated as sRGB");
    byte[] png = TestFiles.withChunk(TestFiles.png(40, 30), "iCCP", TestFiles.ascii("x\0\0junk"));
    assertThat(DECODER.decode(png).warnings())
        .containsExactly("colour profile cannot be unpacked; colours were treated as sRGB");
  }

  @Test
  void aProfileWithAPartMissingIsAWarning() {
    byte[] jpeg =
        TestFiles.withSegment(
            TestFiles.jpeg(40, 30),
            JpegSegments.APP2,
            TestFiles.joined(TestFiles.ascii("ICC_PROFILE\0\1\2"), TestFiles.wideGamutProfile()));
    assertThat(DECODER.decode(jpeg).warnings())
        .containsExactly("colour profile: expected 2 parts, found 1; colours were treated as sRGB");
  }

  @Test
  void aProfileForOtherComponentsIsAWarning() {
    BufferedImage grey = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
    byte[] jpeg =
        TestFiles.withSegment(
            TestFiles.write(grey, "jpg"),
            JpegSegments.APP2,
            TestFiles.joined(TestFiles.ascii("ICC_PROFILE\0\1\1"), TestFiles.wideGamutProfile()));
    assertThat(DECODER.decode(jpeg).warnings())
        .containsExactly(
            "colour profile: expected one for 1 components, was for 3; colours were treated as sRGB");
  }
}
