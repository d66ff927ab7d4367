package nst.job.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.TestImages;
import nst.image.codec.ImageDecoder;
import nst.image.codec.ImageEncoder;
import nst.image.format.PngChunks;
import nst.image.record.ImageRecord;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.model.text.Sha256;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the files of enlarged pictures. */
class FullSizeTest {
  private static final int WIDTH = 144;
  private static final int HEIGHT = 96;

  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"PNG, 8, true", "PNG16, 16, true", "PNG16, 16, false"})
  void keepsTheBitsOfThePictureAndTheAlphaOfThePhoto(
      OutputFormat format, int bits, boolean transparent) {
    PublishedPicture picture = picture(format, photo(transparent));
    byte[] file = enlarge(Integer.MAX_VALUE).bytes(picture);

    assertThat(PngChunks.of(file).bitDepth()).isEqualTo(bits);
    RgbImage enlarged = new ImageDecoder(ImageLimits.DEFAULT).decodeOutput(file);
    assertThat(enlarged.width()).isEqualTo(WIDTH);
    assertThat(enlarged.height()).isEqualTo(HEIGHT);
    assertThat(enlarged.alpha().isPresent()).isEqualTo(transparent);
    enlarged.alpha().ifPresent(alpha -> assertThat(alpha).contains(0f, 1f));
  }

  @Test
  void theLongestSideBoundsPixelsAndAlpha() {
    byte[] file = enlarge(72).bytes(picture(OutputFormat.PNG16, photo(true)));
    RgbImage enlarged = new ImageDecoder(ImageLimits.DEFAULT).decodeOutput(file);
    assertThat(enlarged.width()).isEqualTo(72);
    assertThat(enlarged.alpha().orElseThrow()).hasSize(72 * 48);
  }

  @Test
  void aFileMatchesOnlyItsPictureAndSize() {
    PublishedPicture picture = picture(OutputFormat.PNG, photo(false));
    byte[] file = enlarge(Integer.MAX_VALUE).bytes(picture);
    assertThat(enlarge(Integer.MAX_VALUE).matches(picture, file)).isTrue();
    assertThat(enlarge(72).matches(picture, file)).isFalse();
    PublishedPicture another = picture(OutputFormat.PNG16, photo(false));
    assertThat(enlarge(Integer.MAX_VALUE).matches(another, file)).isFalse();
  }

  @Test
  void refusesAPhotoThatHasChanged() {
    PublishedPicture picture = picture(OutputFormat.PNG, photo(false));
    write("photo.png", photo(true), OutputFormat.PNG);
    assertThatThrownBy(() -> enlarge(Integer.MAX_VALUE).bytes(picture))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("photo.png")
        .extracting(e -> ((TransferException) e).code())
        .isEqualTo(ErrorCode.SOURCE_CHANGED);
  }

  private FullSize enlarge(int longest) {
    return new FullSize(store, ImageLimits.DEFAULT, longest);
  }

  /** A photo whose left half is transparent, or opaque. */
  private static RgbImage photo(boolean transparent) {
    RgbImage photo = TestImages.noise(WIDTH, HEIGHT, 5);
    float[] alpha = new float[WIDTH * HEIGHT];
    Arrays.fill(alpha, 1);
    for (int y = 0; y < HEIGHT; y++) {
      Arrays.fill(alpha, y * WIDTH, y * WIDTH + WIDTH / 2, 0);
    }
    return photo.withAlpha(transparent ? Optional.of(alpha) : Optional.empty());
  }

  private PublishedPicture picture(OutputFormat format, RgbImage photo) {
    byte[] source = write("photo.png", photo, OutputFormat.PNG);
    byte[] small = write("small.png", TestImages.noise(WIDTH / 3, HEIGHT / 3, 6), format);
    return new PublishedPicture(
        "key", uri("small.png"), Sha256.hex(small), uri("photo.png"), Sha256.hex(source), 92);
  }

  private byte[] write(String name, RgbImage image, OutputFormat format) {
    byte[] bytes =
        ImageEncoder.encode(image, format, 92, digest -> new ImageRecord("{}", Map.of()));
    store.write(uri(name), bytes);
    return bytes;
  }

  private String uri(String name) {
    return "file:" + folder.resolve(name);
  }
}
