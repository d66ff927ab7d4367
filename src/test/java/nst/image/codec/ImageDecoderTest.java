package nst.image.codec;

import static nst.image.TestFiles.fixture;
import static nst.image.TestImages.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.TestFiles;
import nst.image.TestImages;
import nst.image.format.FormatSniffer;
import nst.image.format.ImageFormat;
import nst.image.format.JpegSegments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the decoded pixels of all formats. */
class ImageDecoderTest {
  private static final ImageLimits LIMITS = new ImageLimits(16 << 20, 4_000_000, 8, 20);
  private static final ImageDecoder DECODER = new ImageDecoder(LIMITS);

  @Test
  void aPngRoundTripIsExact() {
    RgbImage picture = Rounding.toEightBit(TestFiles.picture(60, 40));
    DecodedImage decoded = DECODER.decode(PixelWriter.png(picture));
    assertThat(decoded.image().planes()).isEqualTo(picture.planes());
    assertThat(decoded.image().width()).isEqualTo(60);
    assertThat(decoded.image().height()).isEqualTo(40);
    assertThat(decoded.warnings()).isEmpty();
  }

  @Test
  void aJpegRoundTripIsClose() {
    RgbImage picture = TestFiles.picture(60, 40);
    DecodedImage decoded = DECODER.decode(PixelWriter.jpeg(picture, 95));
    assertThat(decoded.warnings()).isEmpty();
    assertThat(meanDifference(decoded.image(), picture)).isLessThan(0.01);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "progressive.jpg",
        "lossy.webp",
        "alpha.webp",
        "animated.webp",
        "animated.gif",
        "animated.png",
        "pages.tiff"
      })
  void readsTheFourColorsOf(String name) {
    assertFourColors(DECODER.decode(fixture(name)).image(), 0.03);
  }

  @Test
  void readsACmykJpegOfAdobesKindInItsRightColors() {
    DecodedImage decoded = DECODER.decode(fixture("cmyk-adobe.jpg"));
    assertFourColors(decoded.image(), 0.03);
    assertThat(decoded.warnings())
        .containsExactly("CMYK without a usable colour profile: converted by formula");
  }

  @Test
  void readsAYcckJpegInItsRightColors() throws IOException {
    byte[] adobe = ByteBuffer.allocate(12).put(TestFiles.ascii("Adobe")).put(11, (byte) 2).array();
    byte[] ycck = TestFiles.withSegment(fourComponents(), JpegSegments.APP14, adobe);
    RgbImage image = DECODER.decode(ycck).image();
    assertColor(image, 10, 10, 200, 40, 30, 0.03);
    assertColor(image, 50, 40, 200, 40, 30, 0.03);
  }

  @ParameterizedTest
  @ValueSource(strings = {"animated.webp", "animated.gif", "pages.tiff"})
  void notesThatOnlyTheFirstFrameWasTakenOf(String name) {
    assertThat(DECODER.decode(fixture(name)).warnings())
        .containsExactly("the first of 2 frames or pages was used");
  }

  @Test
  void notesThatAnAnimatedPngGaveItsFirstFrame() {
    assertThat(DECODER.decode(fixture("animated.png")).warnings())
        .containsExactly("animated: the first frame was used");
  }

  @Test
  void readsABitmapOfWindows() {
    RgbImage picture = Rounding.toEightBit(TestFiles.picture(40, 30));
    BufferedImage image = buffered(picture, BufferedImage.TYPE_3BYTE_BGR);
    DecodedImage decoded = DECODER.decode(TestFiles.write(image, "bmp"));
    assertThat(meanDifference(decoded.image(), picture)).isLessThan(1e-6);
  }

  @Test
  void takesGreyAsItIsEncodedAndNotBrighter() {
    BufferedImage grey = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
    fill(grey.getRaster(), 0, 64);
    for (String format : List.of("png", "jpg", "bmp", "tiff")) {
      RgbImage image = DECODER.decode(TestFiles.write(grey, format)).image();
      for (int channel = 0; channel < 3; channel++) {
        assertThat(value(image, channel, 9, 9)).as(format).isCloseTo(64 / 255f, within(1e-6f));
      }
    }
  }

  @Test
  void keepsSixteenBitsOfAPng() {
    BufferedImage deep = new BufferedImage(32, 32, BufferedImage.TYPE_USHORT_GRAY);
    fill(deep.getRaster(), 0, 12_345);
    RgbImage image = DECODER.decode(TestFiles.write(deep, "png")).image();
    assertThat(value(image, 1, 3, 3)).isCloseTo(12_345 / 65_535f, within(1e-6f));
  }

  @Test
  void readsOneBit() {
    BufferedImage bits = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_BINARY);
    bits.setRGB(4, 5, 0xFFFFFF);
    for (String format : List.of("png", "bmp", "tiff")) {
      RgbImage image = DECODER.decode(TestFiles.write(bits, format)).image();
      assertThat(value(image, 2, 4, 5)).as(format).isEqualTo(1f);
      assertThat(value(image, 2, 5, 5)).as(format).isZero();
    }
  }

  @Test
  void looksUpAPaletteWithTransparency() {
    IndexColorModel palette =
        new IndexColorModel(
            8,
            3,
            new byte[] {10, (byte) 200, 0},
            new byte[] {20, (byte) 100, 0},
            new byte[] {30, 50, 0},
            new byte[] {(byte) 255, (byte) 255, 0});
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_INDEXED, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    image.getRaster().setSample(2, 0, 0, 2);
    RgbImage decoded = DECODER.decode(TestFiles.write(image, "png")).image();
    assertColor(decoded, 0, 0, 10, 20, 30, 1e-6);
    assertColor(decoded, 1, 0, 200, 100, 50, 1e-6);
    assertColor(decoded, 2, 0, 255, 255, 255, 1e-6);
  }

  @Test
  void aColorThatAPngDeclaresTransparentIsWhite() {
    byte[] key = {0, 10, 0, 20, 0, 30}; // three 16-bit numbers
    byte[] png =
        TestFiles.withChunk(
            PixelWriter.png(TestImages.flat(32, 32, 10 / 255.0, 20 / 255.0, 30 / 255.0)),
            "tRNS",
            key);
    assertColor(DECODER.decode(png).image(), 5, 5, 255, 255, 255, 1e-6);
  }

  @Test
  void blendsTransparencyWithWhite() {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(1, 1, 0xFF102030);
    image.setRGB(2, 1, 0x00102030);
    image.setRGB(3, 1, 0x80000000);
    RgbImage decoded = DECODER.decode(TestFiles.write(image, "png")).image();
    assertColor(decoded, 1, 1, 16, 32, 48, 1e-6);
    assertColor(decoded, 2, 1, 255, 255, 255, 1e-6);
    assertColor(decoded, 3, 1, 127, 127, 127, 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0",
    "2, 31, 0",
    "3, 31, 15",
    "4, 0, 15",
    "5, 0, 0",
    "6, 15, 0",
    "7, 15, 31",
    "8, 0, 31"
  })
  void turnsAPhotoUprightOnce(int orientation, int cornerX, int cornerY) {
    RgbImage stored =
        TestImages.image(
            32, 16, (x, y) -> x < 0.2 && y < 0.4 ? new double[] {1, 0, 0} : new double[] {0, 0, 1});
    byte[] exif = TestFiles.exif(orientation);
    byte[] jpeg =
        TestFiles.withSegment(
            PixelWriter.jpeg(stored, 95),
            JpegSegments.APP1,
            TestFiles.joined(TestFiles.ascii("Exif\0\0"), exif));
    byte[] png = TestFiles.withChunk(PixelWriter.png(stored), "eXIf", exif);
    for (byte[] file : List.of(jpeg, png)) {
      DecodedImage decoded = DECODER.decode(file);
      assertThat(decoded.warnings()).isEmpty();
      assertThat(decoded.image().width()).isEqualTo(orientation < 5 ? 32 : 16);
      assertThat(value(decoded.image(), 0, cornerX, cornerY)).isGreaterThan(0.8f);
      assertThat(
              value(decoded.image(), 0, decoded.image().width() / 2, decoded.image().height() / 2))
          .isLessThan(0.2f);
    }
  }

  @Test
  void distinguishesTheTwoDiagonalOrientations() {
    RgbImage stored = TestImages.noise(32, 16, 8);
    RgbImage transposed = Orientation.TRANSPOSED.upright(stored);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 16; x++) {
        assertThat(value(transposed, 0, x, y)).isEqualTo(value(stored, 0, y, x));
      }
    }
    Orientation six = Orientation.ofExif(TestFiles.exif(6), List.of());
    Orientation eight = Orientation.ofExif(TestFiles.exif(8), List.of());
    assertThat(eight.upright(six.upright(stored)).planes()).isEqualTo(stored.planes());
  }

  @Test
  void turnsTiffAndWebpUprightToo() {
    RgbImage tiff = DECODER.decode(fixture("turned.tiff")).image(); // 8: rotated left by 90 degrees
    assertThat(tiff.width()).isEqualTo(48);
    assertColor(tiff, 10, 10, 40, 160, 60, 0.01); // top left was top right
    RgbImage webp =
        DECODER.decode(fixture("turned.webp")).image(); // 6: rotated right by 90 degrees
    assertThat(webp.width()).isEqualTo(48);
    assertColor(webp, 10, 10, 30, 60, 180, 0.01); // top left was bottom left
  }

  @Test
  void brokenExifIsAWarning() {
    byte[] cutShort = {'I', 'I', '*', 0, (byte) 200, 0, 0, 0};
    for (byte[] exif : List.of(cutShort, TestFiles.ascii("garbage"), new byte[0])) {
      byte[] jpeg =
          TestFiles.withSegment(
              TestFiles.jpeg(40, 30),
              JpegSegments.APP1,
              TestFiles.joined(TestFiles.ascii("Exif\0\0"), exif));
      DecodedImage decoded = DECODER.decode(jpeg);
      assertThat(decoded.image().width()).isEqualTo(40);
      assertThat(decoded.warnings()).containsExactly("EXIF is damaged and was ignored");
    }
  }

  @Test
  void anUnknownOrientationIsAWarning() {
    byte[] png = TestFiles.withChunk(TestFiles.png(40, 30), "eXIf", TestFiles.exif(9));
    assertThat(DECODER.decode(png).warnings())
        .containsExactly("EXIF orientation: expected 1 to 8, was 9; treated as upright");
  }

  @Test
  void decodesOnManyThreadsAtOnce() {
    byte[] jpeg = fixture("progressive.jpg");
    float[] expected = DECODER.decode(jpeg).image().planes();
    List<float[]> decoded =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(i -> DECODER.decode(jpeg).image().planes())
            .toList();
    assertThat(decoded).allSatisfy(planes -> assertThat(planes).isEqualTo(expected));
  }

  @Test
  void findsTheFormatByContentAndNotByName() {
    assertThat(FormatSniffer.sniff(TestFiles.png(20, 10))).isEqualTo(ImageFormat.PNG);
    assertThat(FormatSniffer.sniff(TestFiles.jpeg(20, 10))).isEqualTo(ImageFormat.JPEG);
    assertThat(FormatSniffer.sniff(fixture("animated.gif"))).isEqualTo(ImageFormat.GIF);
    assertThat(FormatSniffer.sniff(fixture("lossy.webp"))).isEqualTo(ImageFormat.WEBP);
    assertThat(FormatSniffer.sniff(fixture("pages.tiff"))).isEqualTo(ImageFormat.TIFF);
  }

  @Test
  void extraBytesBeforeASegmentAreAccepted() {
    byte[] jpeg = TestFiles.inserted(TestFiles.jpeg(40, 30), 20, new byte[] {0, 1, 2});
    assertThat(DECODER.decode(jpeg).image().width()).isEqualTo(40);
  }

  /**
   * Creates a JPEG with four components in one colour, stored as YCCK with Adobe's inversion.
   * libjpeg reads the inverted inks from it, because it takes the stored values as their
   * complement.
   */
  private static byte[] fourComponents() throws IOException {
    double[] rgb = {255 - 200, 255 - 40, 255 - 30}; // the inks, without black
    double y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 64, 48, 4, null);
    fill(raster, 0, (int) Math.round(y));
    fill(raster, 1, (int) Math.round(128 + (rgb[2] - y) / 1.772));
    fill(raster, 2, (int) Math.round(128 + (rgb[0] - y) / 1.402));
    fill(raster, 3, 255);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageReaders.writer(ImageFormat.JPEG);
    try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(output);
      writer.write(new IIOImage(raster, null, null));
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  @Test
  void refusesFourComponentsWithoutAColorSpace() throws IOException {
    byte[] unexplained = fourComponents();
    assertThat(HostileImageTest.failure(unexplained))
        .hasMessageStartingWith(
            "Unsupported image: a JPEG of four components needs Adobe's segment");
  }

  private static void fill(WritableRaster raster, int band, int level) {
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        raster.setSample(x, y, band, level);
      }
    }
  }

  private static BufferedImage buffered(RgbImage image, int type) {
    BufferedImage buffered = new BufferedImage(image.width(), image.height(), type);
    Graphics2D graphics = buffered.createGraphics();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        graphics.setColor(
            new Color(value(image, 0, x, y), value(image, 1, x, y), value(image, 2, x, y)));
        graphics.fillRect(x, y, 1, 1);
      }
    }
    graphics.dispose();
    return buffered;
  }

  private static void assertFourColors(RgbImage image, double tolerance) {
    assertThat(image.width()).isEqualTo(64);
    assertThat(image.height()).isEqualTo(48);
    assertColor(image, 12, 10, 200, 40, 30, tolerance);
    assertColor(image, 52, 10, 40, 160, 60, tolerance);
    assertColor(image, 12, 40, 30, 60, 180, tolerance);
    assertColor(image, 52, 40, 255, 255, 255, tolerance);
  }

  private static void assertColor(
      RgbImage image, int x, int y, int red, int green, int blue, double tolerance) {
    assertThat((double) value(image, 0, x, y)).isCloseTo(red / 255.0, within(tolerance));
    assertThat((double) value(image, 1, x, y)).isCloseTo(green / 255.0, within(tolerance));
    assertThat((double) value(image, 2, x, y)).isCloseTo(blue / 255.0, within(tolerance));
  }

  private static double meanDifference(RgbImage a, RgbImage b) {
    double sum = 0;
    for (int i = 0; i < a.planes().length; i++) {
      sum += Math.abs(a.planes()[i] - b.planes()[i]);
    }
    return sum / a.planes().length;
  }
}
