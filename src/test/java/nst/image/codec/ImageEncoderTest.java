package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.TestFiles;
import nst.image.TestImages;
import nst.image.format.JpegSegments;
import nst.image.format.PngChunks;
import nst.image.record.ImageRecord;
import nst.image.record.ImageRecordReader;
import nst.image.record.XmpPacket;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.knob.OutputChoices.OutputFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that written images and their records can be read again. */
class ImageEncoderTest {
  private static final String JSON =
      "{\"id\":\"Zürich \\u0000 🌊\",\"content_weight\":0.1,\"losses\":[1.5,0.25]}";
  private static final Map<String, String> FIELDS = new LinkedHashMap<>();

  static {
    FIELDS.put("content_weight", "0.1");
    FIELDS.put("style", "s3a://bucket/a<b>&\"c\".jpg");
  }

  private static final ImageRecord RECORD = new ImageRecord(JSON, FIELDS);
  private final RgbImage picture = TestFiles.picture(60, 40);

  private static DecodedImage decoded(byte[] file) {
    return new ImageDecoder(ImageLimits.DEFAULT).decode(file);
  }

  @Test
  void aPngGivesTheRoundedPixelsBack() {
    DecodedImage back =
        decoded(ImageEncoder.encode(picture, OutputFormat.PNG, 92, pixels -> RECORD));
    assertThat(back.image().planes()).isEqualTo(Rounding.toEightBit(picture).planes());
    assertThat(back.warnings()).isEmpty();
  }

  @Test
  void aJpegStaysClose() {
    DecodedImage back =
        decoded(ImageEncoder.encode(picture, OutputFormat.JPG, 95, pixels -> RECORD));
    assertThat(back.warnings()).isEmpty();
    double sum = 0;
    for (int i = 0; i < picture.planes().length; i++) {
      sum += Math.abs(picture.planes()[i] - back.image().planes()[i]);
    }
    assertThat(sum / picture.planes().length).isLessThan(0.01);
  }

  @Test
  void overshootIsClampedAndDoesNotWrapAround() {
    RgbImage over = TestImages.flat(32, 32, 1.05, -0.05, 0.5);
    DecodedImage back = decoded(ImageEncoder.encode(over, OutputFormat.PNG, 92, pixels -> RECORD));
    assertThat(TestImages.value(back.image(), 0, 3, 3)).isEqualTo(1f);
    assertThat(TestImages.value(back.image(), 1, 3, 3)).isZero();
    assertThat(TestImages.value(back.image(), 2, 3, 3)).isEqualTo(128 / 255f);
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void theRecordComesBackCharacterByCharacter(OutputFormat format) {
    byte[] file = ImageEncoder.encode(picture, format, 92, pixels -> RECORD);
    assertThat(ImageRecordReader.read(file)).contains(JSON);
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void aRecordOfMegabytesComesBackWhole(OutputFormat format) {
    // Random digits compress to no less than half, so several JPEG segments are needed.
    StringBuilder json = new StringBuilder("[");
    new SplittableRandom(1).doubles(100_000).forEach(value -> json.append(value).append(','));
    ImageRecord large = new ImageRecord(json.append("0]").toString(), FIELDS);
    byte[] file = ImageEncoder.encode(picture, format, 92, pixels -> large);
    assertThat(file.length).isGreaterThan(500_000);
    assertThat(ImageRecordReader.read(file)).contains(large.json());
    assertThat(decoded(file).warnings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void theFirstBytesOfTheFileAreEnough(OutputFormat format) {
    RgbImage large = TestImages.noise(300, 300, 1);
    byte[] file = ImageEncoder.encode(large, format, 92, pixels -> RECORD);
    assertThat(ImageRecordReader.read(Arrays.copyOf(file, 8192))).contains(JSON);
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void aPrefixThatEndsBeforeTheRecordDoesHoldsNone(OutputFormat format) {
    byte[] file = ImageEncoder.encode(picture, format, 92, pixels -> RECORD);
    for (int length : new int[] {12, 60, 100, 150}) {
      assertThat(ImageRecordReader.read(Arrays.copyOf(file, length))).isEmpty();
    }
  }

  @Test
  void anImageOfAnotherProgramHasNoRecord() {
    assertThat(ImageRecordReader.read(TestFiles.png(20, 20))).isEmpty();
    assertThat(ImageRecordReader.read(TestFiles.jpeg(20, 20))).isEmpty();
    assertThat(ImageRecordReader.read(TestFiles.fixture("lossy.webp"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void aDamagedRecordIsAnError(OutputFormat format) {
    byte[] file = ImageEncoder.encode(picture, format, 92, pixels -> RECORD);
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int at =
        switch (format) {
          case PNG, PNG16 -> text.indexOf("nst\0\1\0\0\0") + 20;
          case JPG -> text.indexOf("<nst:record>") + 20;
        };
    file[at] ^= 1;
    assertThatThrownBy(() -> ImageRecordReader.read(file))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("record")
        .extracting(e -> ((TransferException) e).code())
        .isEqualTo(ErrorCode.CORRUPT_IMAGE);
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void theFieldsStandInTheFileForPeopleToRead(OutputFormat format) {
    String file =
        new String(
            ImageEncoder.encode(picture, format, 92, pixels -> RECORD), StandardCharsets.UTF_8);
    assertThat(file)
        .contains("<nst:content_weight>0.1</nst:content_weight>")
        .contains("<nst:style>s3a://bucket/a&lt;b&gt;&amp;\"c\".jpg</nst:style>");
  }

  @Test
  void aLongFieldIsShortenedAndAControlCharacterReplaced() {
    String xmp =
        new String(
            XmpPacket.ofFields(
                new ImageRecord("{}", Map.of("id", "a\u0000b", "style", "x".repeat(5000)))),
            StandardCharsets.UTF_8);
    assertThat(xmp).contains("<nst:id>a\uFFFDb</nst:id>").contains("x".repeat(255) + "…<");
    assertThat(xmp).doesNotContain("x".repeat(256));
  }

  @Test
  void refusesAFieldWhoseNameIsNoName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageRecord("{}", Map.of("a b", "1")))
        .withMessage("Invalid field name: expected letters, digits and underscores, was a b");
  }

  @Test
  void refusesMoreFieldsThanFit() {
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      many.put("field_" + i, "x".repeat(250));
    }
    ImageRecord record = new ImageRecord("{}", many);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ImageEncoder.encode(picture, OutputFormat.JPG, 92, pixels -> record))
        .withMessageStartingWith("Too many fields");
  }

  @Test
  void refusesAQualityOutOfRange() {
    for (int quality : List.of(0, 101)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> ImageEncoder.encode(picture, OutputFormat.JPG, quality, pixels -> RECORD))
          .withMessage("Invalid jpeg_quality: expected 1 to 100, was " + quality);
    }
  }

  @Test
  void isMarkedAsSrgb() {
    byte[] png = ImageEncoder.encode(picture, OutputFormat.PNG, 92, pixels -> RECORD);
    assertThat(PngChunks.of(png).first("sRGB")).isPresent();
    byte[] jpeg = ImageEncoder.encode(picture, OutputFormat.JPG, 92, pixels -> RECORD);
    assertThat(JpegSegments.of(jpeg).iccProfile(List.of())).isPresent();
  }

  @Test
  void theSameImageGivesTheSameBytes() {
    for (OutputFormat format : OutputFormat.values()) {
      assertThat(ImageEncoder.encode(picture, format, 92, pixels -> RECORD))
          .isEqualTo(ImageEncoder.encode(picture, format, 92, pixels -> RECORD));
    }
  }

  @Test
  void keepsColorAtEveryPixelAtHighQuality() {
    // Alternating red and blue columns. With chroma subsampling they would become violet.
    RgbImage columns =
        TestImages.image(
            64,
            64,
            (x, y) ->
                (int) (x * 64) % 2 == 0
                    ? new double[] {0.8, 0.1, 0.1}
                    : new double[] {0.1, 0.1, 0.8});
    RgbImage fine = decoded(PixelWriter.jpeg(columns, 95)).image();
    RgbImage coarse = decoded(PixelWriter.jpeg(columns, 85)).image();
    assertThat(TestImages.value(fine, 0, 20, 20) - TestImages.value(fine, 0, 21, 20))
        .isGreaterThan(0.6f);
    assertThat(TestImages.value(coarse, 0, 20, 20) - TestImages.value(coarse, 0, 21, 20))
        .isLessThan(0.4f);
  }

  @Test
  void aThumbnailFitsItsLongestSide() {
    DecodedImage thumbnail =
        new ImageDecoder(new ImageLimits(1 << 20, 1 << 20, 1, 100))
            .decode(Thumbnail.jpeg(Thumbnail.shrunk(TestFiles.picture(300, 200), 96)));
    assertThat(thumbnail.image().width()).isEqualTo(96);
    assertThat(thumbnail.image().height()).isEqualTo(64);
  }

  @Test
  void aThumbnailNeverEnlarges() {
    assertThat(decoded(Thumbnail.jpeg(Thumbnail.shrunk(picture, 500))).image().width())
        .isEqualTo(60);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Thumbnail.jpeg(Thumbnail.shrunk(picture, 0)));
  }
}
