package nst.image.codec;

import static nst.image.TestFiles.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import nst.image.ImageLimits;
import nst.image.TestFiles;
import nst.image.format.Deflated;
import nst.image.format.JpegSegments;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which malicious files are rejected, with which code, and that they do no harm. */
class HostileImageTest {
  private static final ImageDecoder DECODER =
      new ImageDecoder(new ImageLimits(16 << 20, 4_000_000, 8, 20));

  static TransferException failure(byte[] bytes) {
    return catchThrowableOfType(TransferException.class, () -> DECODER.decode(bytes));
  }

  private static void assertFailure(byte[] bytes, ErrorCode code, String message) {
    assertThat(failure(bytes)).isNotNull().hasMessageContaining(message);
    assertThat(failure(bytes).code()).isEqualTo(code);
  }

  @Test
  void refusesAJpegThatIsCutShort() {
    byte[] jpeg = TestFiles.jpeg(200, 150);
    for (double share : new double[] {0.3, 0.5, 0.9, 0.999}) {
      assertFailure(
          Arrays.copyOf(jpeg, (int) (jpeg.length * share)),
          ErrorCode.CORRUPT_IMAGE,
          "Corrupt JPEG");
    }
  }

  @Test
  void refusesAProgressiveJpegThatIsCutShort() {
    byte[] jpeg = fixture("progressive.jpg");
    assertFailure(Arrays.copyOf(jpeg, jpeg.length - 20), ErrorCode.CORRUPT_IMAGE, "Corrupt JPEG");
  }

  @Test
  void refusesAJpegWithGarbledBytes() {
    byte[] jpeg = TestFiles.jpeg(200, 150);
    Arrays.fill(jpeg, jpeg.length / 2, jpeg.length / 2 + 200, (byte) 0x5A);
    assertFailure(jpeg, ErrorCode.CORRUPT_IMAGE, "Corrupt JPEG data");
  }

  @Test
  void refusesAJpegOfNothingButItsFirstBytes() {
    assertFailure(
        new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F'},
        ErrorCode.CORRUPT_IMAGE,
        "expected a frame header before the image data, found none in 8 bytes");
  }

  @Test
  void refusesNothingAtAll() {
    assertFailure(
        new byte[0],
        ErrorCode.EMPTY,
        "expected JPEG, PNG, GIF, BMP, TIFF or WebP, was empty (0 bytes)");
  }

  @Test
  void refusesAnErrorPageThatIsNamedLikeAPhoto() {
    assertFailure(
        TestFiles.ascii("<!DOCTYPE html><html><body>403</body></html>"),
        ErrorCode.NOT_AN_IMAGE,
        "was an HTML page: \"<!DOCTYPE html><html>");
    assertFailure(
        TestFiles.ascii("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
        ErrorCode.NOT_AN_IMAGE,
        "was an XML document: \"<?xml");
    assertFailure(
        TestFiles.ascii("{\"error\":1}"), ErrorCode.NOT_AN_IMAGE, "11 bytes that begin with");
  }

  @Test
  void quotesNoControlCharactersOfWhatCame() {
    assertThat(failure(TestFiles.ascii("A\n\u001B[31mB\u0000C")).getMessage())
        .endsWith("\"A..[31mB.C\"");
  }

  @Test
  void refusesSvg() {
    assertFailure(
        TestFiles.ascii("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ErrorCode.UNSUPPORTED_FORMAT,
        "was SVG");
    assertFailure(
        TestFiles.ascii(
            "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                + "<svg>&x;</svg>"),
        ErrorCode.UNSUPPORTED_FORMAT,
        "was SVG");
  }

  @ParameterizedTest
  @CsvSource({"heic, HEIF (brand heic)", "avif, AVIF"})
  void namesTheNewerFormatsThatItDoesNotRead(String brand, String name) {
    assertFailure(
        TestFiles.ascii("\0\0\0\u0018ftyp" + brand + "\0\0\0\0"),
        ErrorCode.UNSUPPORTED_FORMAT,
        "was " + name);
  }

  @Test
  void refusesAFilmAsNoImage() {
    assertFailure(
        TestFiles.ascii("\0\0\0\u0018ftypisom\0\0\0\0"),
        ErrorCode.NOT_AN_IMAGE,
        "an ISO media file (brand isom)");
  }

  @Test
  void refusesAPngThatIsCutShort() {
    byte[] png = TestFiles.png(200, 150);
    for (int length : new int[] {png.length - 1, png.length - 13, png.length / 2, 40, 20, 8}) {
      assertFailure(Arrays.copyOf(png, length), ErrorCode.CORRUPT_IMAGE, "Corrupt PNG");
    }
  }

  @Test
  void refusesAPngWithGarbledBytes() {
    byte[] png = TestFiles.png(200, 150);
    png[png.length / 2] ^= 1;
    assertFailure(png, ErrorCode.CORRUPT_IMAGE, "does not have its checksum");
  }

  @Test
  void refusesAPngWhoseRowsAreMissing() {
    // Every checksum is correct and the end exists, but the header states more rows.
    byte[] png = TestFiles.png(64, 64);
    ByteBuffer header = ByteBuffer.allocate(13).put(png, 16, 13).putInt(4, 128);
    byte[] taller =
        TestFiles.joined(
            TestFiles.joined(Arrays.copyOf(png, 8), TestFiles.chunk("IHDR", header.array())),
            Arrays.copyOfRange(png, 33, png.length));
    assertFailure(taller, ErrorCode.CORRUPT_IMAGE, "Corrupt PNG");
  }

  @Test
  void refusesGigapixelsInAKilobyteByTheHeader() {
    byte[] png = TestFiles.png(64, 64);
    ByteBuffer header =
        ByteBuffer.allocate(13).put(png, 16, 13).putInt(0, 50_000).putInt(4, 50_000);
    byte[] bomb =
        TestFiles.joined(
            TestFiles.joined(Arrays.copyOf(png, 8), TestFiles.chunk("IHDR", header.array())),
            TestFiles.joined(
                TestFiles.chunk("IDAT", new byte[900]), TestFiles.chunk("IEND", new byte[0])));
    assertThat(bomb.length).isLessThan(1100);
    assertFailure(
        bomb,
        ErrorCode.IMAGE_TOO_LARGE,
        "expected at most 4000000 pixels, was 50000 x 50000 = 2500000000");
  }

  @Test
  void refusesGigapixelsOfEveryFormatByTheHeader() {
    byte[] jpeg = TestFiles.jpeg(64, 64);
    for (int i = 0; i < jpeg.length - 9; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
        ByteBuffer.wrap(jpeg).putShort(i + 5, (short) 60_000).putShort(i + 7, (short) 60_000);
        break;
      }
    }
    assertFailure(jpeg, ErrorCode.IMAGE_TOO_LARGE, "60000 x 60000");
    byte[] gif = fixture("animated.gif");
    for (int i = 13; i < gif.length - 9; i++) {
      if (gif[i] == 0x2C && gif[i + 5] == 64 && gif[i + 7] == 48) {
        Arrays.fill(gif, i + 5, i + 9, (byte) 0xFF);
        break;
      }
    }
    assertFailure(gif, ErrorCode.IMAGE_TOO_LARGE, "65535 x 65535");
    byte[] bmp = TestFiles.write(new BufferedImage(40, 40, BufferedImage.TYPE_3BYTE_BGR), "bmp");
    bmp[19] = 0x20; // 8192 wider
    bmp[23] = 0x20; // and taller
    // The platform's reader checks the size against the file's length itself.
    assertFailure(bmp, ErrorCode.CORRUPT_IMAGE, "Invalid width/height");
  }

  @Test
  void refusesMoreBytesThanAllowed() {
    assertFailure(
        TestFiles.joined(TestFiles.png(20, 20), new byte[16 << 20]),
        ErrorCode.IMAGE_TOO_LARGE,
        "expected at most 16777216 bytes");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 200", "7, 8"})
  void refusesWhatTheNetworkCannotSee(int width, int height) {
    assertFailure(
        TestFiles.png(width, height),
        ErrorCode.IMAGE_TOO_SMALL,
        "expected at least 8 pixels on the shorter side, was " + width + " x " + height);
  }

  @Test
  void refusesAPhotoThatIsTooNarrow() {
    assertFailure(
        TestFiles.png(8, 200),
        ErrorCode.IMAGE_TOO_SMALL,
        "expected a longer side of at most 20.0 times the shorter, was 8 x 200");
  }

  @Test
  void refusesAJpegWhoseSizeIsZero() {
    byte[] jpeg = TestFiles.jpeg(64, 64);
    for (int i = 0; i < jpeg.length - 9; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
        ByteBuffer.wrap(jpeg).putShort(i + 5, (short) 0);
        break;
      }
    }
    assertFailure(jpeg, ErrorCode.CORRUPT_IMAGE, "expected a positive size, was 64 x 0");
  }

  @Test
  void doesNotInflateACompressionBomb() {
    byte[] zeros = Deflated.deflate(new byte[64 << 20]);
    for (String type : List.of("zTXt", "iCCP")) {
      byte[] data = TestFiles.joined(TestFiles.ascii("k\0\0"), zeros);
      byte[] png = TestFiles.withChunk(TestFiles.png(40, 30), type, data);
      assertThat(DECODER.decode(png).image().width()).isEqualTo(40);
    }
    byte[] itxt = TestFiles.joined(TestFiles.ascii("k\0\1\0\0\0"), zeros);
    assertThat(
            DECODER
                .decode(TestFiles.withChunk(TestFiles.png(40, 30), "iTXt", itxt))
                .image()
                .height())
        .isEqualTo(30);
  }

  @Test
  void skipsMegabytesOfSegments() {
    byte[] jpeg = TestFiles.jpeg(40, 30);
    byte[] filler = new byte[65_000];
    for (int marker : new int[] {0xE1, 0xE2, 0xED, 0xFE}) {
      for (int i = 0; i < 20; i++) {
        jpeg = TestFiles.withSegment(jpeg, marker, filler);
      }
    }
    assertThat(DECODER.decode(jpeg).image().width()).isEqualTo(40);
  }

  @Test
  void refusesAJpegOfThousandsOfScans() {
    byte[] jpeg = fixture("progressive.jpg");
    ByteBuffer scans = ByteBuffer.allocate(10 * 201);
    while (scans.hasRemaining()) { // one component with all its coefficients, without data
      scans.put(new byte[] {(byte) 0xFF, (byte) JpegSegments.SOS, 0, 8, 1, 1, 0, 0, 63, 0});
    }
    assertFailure(
        TestFiles.inserted(jpeg, jpeg.length - 2, scans.array()),
        ErrorCode.UNSUPPORTED_FORMAT,
        "expected a JPEG of at most 200 scans");
  }

  @Test
  void refusesATiffInInks() {
    assertFailure(fixture("cmyk.tiff"), ErrorCode.UNSUPPORTED_FORMAT, "4 components");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lossy.webp",
        "alpha.webp",
        "animated.gif",
        "pages.tiff",
        "turned.tiff",
        "progressive.jpg",
        "cmyk-adobe.jpg",
        "animated.png"
      })
  void nothingButATransferExceptionComesOutOfGarbledBytes(String name) {
    SplittableRandom random = new SplittableRandom(9);
    byte[] whole = fixture(name);
    for (int trial = 0; trial < 150; trial++) {
      byte[] garbled = whole.clone();
      for (int i = 0; i < 3; i++) {
        garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
      }
      assertThatCode(
              () -> {
                try {
                  DECODER.decode(garbled);
                } catch (TransferException e) {
                  assertThat(e.code().isUsersToFix()).as(e.getMessage()).isTrue();
                }
              })
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lossy.webp", "alpha.webp", "turned.tiff", "animated.gif"})
  void refusesHalfAFileOf(String name) {
    byte[] whole = fixture(name);
    assertThat(failure(Arrays.copyOf(whole, whole.length / 2)).code())
        .isEqualTo(ErrorCode.CORRUPT_IMAGE);
  }

  @Test
  void refusesHalfABitmap() {
    byte[] bmp = TestFiles.write(new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR), "bmp");
    assertFailure(Arrays.copyOf(bmp, bmp.length / 2), ErrorCode.CORRUPT_IMAGE, "Corrupt BMP");
  }

  @Test
  void refusesLimitsThatMakeNoSense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageLimits(0, 1, 1, 1))
        .withMessageContaining("max_bytes=0");
    assertThatIllegalArgumentException().isThrownBy(() -> new ImageLimits(1, 1, 1, Double.NaN));
  }
}
