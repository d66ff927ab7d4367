package nst.job.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import nst.image.RgbImage;
import nst.image.codec.ImageEncoder;
import nst.image.record.ImageRecord;
import nst.job.TestResults;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.record.ResultJson;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks which existing images a resumed run uses. */
class ImageReuseTest {
  private static final String KEY = "ab12";
  private static final RgbImage PICTURE = grey(0.25f);
  private static final RgbImage OTHER = grey(0.75f);

  @TempDir Path folder;
  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void anImageWithAMatchingRecordIsReused(OutputFormat format) {
    Optional<RowInputs.Made> made = read(encoded(PICTURE, format, KEY));
    assertThat(made.orElseThrow().record()).isEqualTo(TestResults.ok(KEY));
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void anImageWithOtherPixelsThanItsRecordIsNotReused(OutputFormat format) {
    AtomicReference<String> others = new AtomicReference<>();
    ImageEncoder.encode(
        OTHER,
        format,
        92,
        pixelsSha256 -> {
          others.set(pixelsSha256);
          return record(KEY, pixelsSha256);
        });
    byte[] tampered = ImageEncoder.encode(PICTURE, format, 92, pixels -> record(KEY, others.get()));
    assertThat(read(tampered)).isEmpty();
  }

  @Test
  void anImageOfAnotherKeyOrWithoutADigestIsNotReused() {
    assertThat(read(encoded(PICTURE, OutputFormat.PNG, "cd34"))).isEmpty();
    ImageRecord earlier = new ImageRecord(ResultJson.write(TestResults.ok(KEY)), Map.of());
    assertThat(read(ImageEncoder.encode(PICTURE, OutputFormat.PNG, 92, pixels -> earlier)))
        .isEmpty();
  }

  @Test
  void anIncompleteOrForeignImageIsNotReused() {
    byte[] whole = encoded(PICTURE, OutputFormat.PNG, KEY);
    byte[] damaged = whole.clone();
    damaged[whole.length - 20] ^= 1; // in the chunk of the pixels
    byte[] damagedRecord = whole.clone();
    damagedRecord[120] ^= 1;
    ImageRecord noRecord = new ImageRecord("no JSON", Map.of());
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read("<html>".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(read(Arrays.copyOf(whole, whole.length - 12))).isEmpty();
    assertThat(read(damaged)).isEmpty();
    assertThat(read(damagedRecord)).isEmpty();
    assertThat(read(ImageEncoder.encode(PICTURE, OutputFormat.PNG, 92, pixels -> noRecord)))
        .isEmpty();
  }

  private Optional<RowInputs.Made> read(byte[] picture) {
    String uri = "file:" + folder + "/picture";
    store.write(uri, picture);
    return new ImageReuse(store).read(new PlannedRow(TestResults.REQUEST, KEY, uri, 1));
  }

  private static byte[] encoded(RgbImage image, OutputFormat format, String key) {
    return ImageEncoder.encode(image, format, 92, pixelsSha256 -> record(key, pixelsSha256));
  }

  private static ImageRecord record(String key, String pixelsSha256) {
    return new ImageRecord(ResultJson.write(TestResults.ok(key), pixelsSha256), Map.of());
  }

  private static RgbImage grey(float level) {
    float[] planes = new float[3 * 8 * 8];
    Arrays.fill(planes, level);
    return new RgbImage(8, 8, planes);
  }
}
