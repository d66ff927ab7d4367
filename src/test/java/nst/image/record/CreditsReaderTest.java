package nst.image.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import nst.image.ImageLimits;
import nst.image.TestFiles;
import nst.image.codec.DecodedImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.ImageEncoder;
import nst.image.format.JpegSegments;
import nst.model.knob.OutputChoices.OutputFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the credits in files that exiftool and Pillow wrote ({@code corpus.py}). */
class CreditsReaderTest {
  private static final ImageDecoder DECODER =
      new ImageDecoder(new ImageLimits(1 << 20, 1 << 20, 8, 20));

  @ParameterizedTest
  @ValueSource(strings = {"exif.jpg", "exif.png", "exif.tif", "exif.webp"})
  void readsExif(String name) {
    assertThat(credits(name)).isEqualTo(new Credits(List.of("Zoë Exif"), "© Exif"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iptc.jpg", "iptc.tif"})
  void readsIptc(String name) {
    assertThat(credits(name)).isEqualTo(new Credits(List.of("Zoë Iptc", "Second Iptc"), "© Iptc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xmp.jpg", "xmp.png", "xmp.tif", "xmp.webp"})
  void readsXmp(String name) {
    assertThat(credits(name)).isEqualTo(new Credits(List.of("Zoë Xmp", "Second & Xmp"), "© <Xmp>"));
  }

  @Test
  void readsTheTextOfAPng() {
    assertThat(credits("text.png")).isEqualTo(new Credits(List.of("Zoë Text"), "© Text"));
  }

  @Test
  void prefersXmpWhereTheyDisagree() {
    assertThat(credits("all.jpg")).isEqualTo(credits("xmp.jpg"));
  }

  @Test
  void aPhotoWithoutAnAuthorHasNoCredits() {
    assertThat(DECODER.decode(TestFiles.jpeg(40, 30)).credits()).isEqualTo(Credits.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:/etc/passwd'>]><x>&e;</x>",
    "<not closed",
    "''"
  })
  void damagedXmpIsNoReasonToRefuseAPhoto(String xmp) {
    byte[] jpeg =
        TestFiles.withSegment(
            TestFiles.jpeg(40, 30),
            JpegSegments.APP1,
            TestFiles.joined(
                TestFiles.ascii("http://ns.adobe.com/xap/1.0/\0"), TestFiles.ascii(xmp)));
    assertThat(DECODER.decode(jpeg).credits()).isEqualTo(Credits.NONE);
  }

  @Test
  void fetchesNothingThatXmpNames() {
    String xmp =
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>"
            + "<x xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:rights>a&e;b</dc:rights></x>";
    assertThat(XmpCredits.read(xmp.getBytes(StandardCharsets.UTF_8)).rights()).isIn("", "ab");
  }

  /**
   * In the fixtures, all metadata about place and camera begins with PLANTED or is a coordinate.
   */
  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void anOutputKeepsTheCreditsOfThePhotoAndNothingElse(OutputFormat format) {
    DecodedImage photo = DECODER.decode(TestFiles.fixture("corpus/credited/all.jpg"));
    ImageRecord record = new ImageRecord("{}", Map.of(), photo.credits());
    byte[] output = ImageEncoder.encode(photo.image(), format, 90, pixels -> record);
    assertThat(DECODER.decode(output).credits()).isEqualTo(photo.credits());
    String text = new String(output, StandardCharsets.ISO_8859_1);
    assertThat(text)
        .contains("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia")
        .doesNotContain("PLANTED")
        .doesNotContain("GPS")
        .doesNotContain("Exif\0\0");
  }

  private static Credits credits(String name) {
    byte[] file = TestFiles.fixture("corpus/credited/" + name);
    assertThat(new String(file, StandardCharsets.ISO_8859_1)).contains("PLANTED");
    return DECODER.decode(file).credits();
  }
}
