package nst.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import nst.image.ImageLimits;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Size;
import nst.image.TestFiles;
import nst.image.codec.ImageDecoder;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.OutputChoices.ColorPreservation;
import nst.storage.ForwardingStore;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
  private static final long MAX_BYTES = 1 << 20;

  /** From 16 to 32 px. */
  private static final Hyperparameters ROW =
      Preset.BALANCED
          .hyperparameters()
          .with(Knob.IMAGE_SIZE, 32)
          .with(Knob.SMALLEST_SIZE, 16)
          .with(Knob.SCALE_RATIO, 2.0);

  private final ObjectStore files = new HadoopObjectStore(new Configuration(false));
  private final List<String> read = Collections.synchronizedList(new ArrayList<>());

  @TempDir Path folder;

  @BeforeEach
  void writePhotos() {
    files.write(uri("a.png"), TestFiles.png(40, 36));
    files.write(uri("b.png"), TestFiles.png(44, 36));
  }

  @Test
  void consecutiveRowsOfOnePhotoReadItOnce() {
    Sources sources = sources(1);
    PhotoSource first = photo(sources, "a.png", ROW);
    PhotoSource second = photo(sources, "a.png", ROW);
    Size half = new Size(16, 15);
    assertThat(second.photo().at(half)).isSameAs(first.photo().at(half));
    assertThat(second.sha256()).isEqualTo(first.sha256());
    assertThat(read).containsExactly(uri("a.png"));

    assertThat(photo(sources, "b.png", ROW).photo().size()).isEqualTo(new Size(44, 36));
    photo(sources, "a.png", ROW);
    assertThat(read).containsExactly(uri("a.png"), uri("b.png"), uri("a.png"));
  }

  @Test
  void aPhotoHasTheSizesOfItsRowAndNotItsOwn() {
    RgbImage decoded = new ImageDecoder(ImageLimits.DEFAULT).decode(TestFiles.png(40, 36)).image();
    PhotoSource photo = photo(sources(1), "a.png", ROW);
    for (Size size : List.of(new Size(16, 15), new Size(32, 29))) {
      assertThat(photo.photo().at(size).planes())
          .isEqualTo(Resampler.resize(decoded, size.width(), size.height()).planes());
    }
    assertThat(photo.photo().bytes()).isEqualTo(12 * (16 * 15 + 32 * 29));
  }

  @Test
  void rowsWithOtherSizesAndColoursReadThePhotoOnce() {
    Sources sources = sources(1);
    photo(sources, "a.png", ROW);
    photo(sources, "a.png", ROW.with(Knob.IMAGE_SIZE, 40));
    PhotoSource matched =
        photo(sources, "a.png", ROW.with(Knob.ORIGINAL_COLORS, ColorPreservation.MATCH));
    PhotoSource whole = sources.photo(uri("a.png"), ROW, true, new RowTimes());
    assertThat(read).containsExactly(uri("a.png"));
    assertThat(whole.photo().whole().width()).isEqualTo(40);
    assertThat(matched.photo().palette()).isSameAs(whole.photo().whole().palette());
  }

  @Test
  void severalThreadsReadEachPhotoOnce() {
    Sources sources = sources(4);
    List<CompletableFuture<PhotoSource>> photos =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> photo(sources, i % 2 == 0 ? "a.png" : "b.png", ROW)))
            .toList();
    assertThat(photos)
        .extracting(photo -> photo.join().photo().size().width())
        .containsExactly(40, 44, 40, 44, 40, 44, 40, 44);
    assertThat(read).containsExactlyInAnyOrder(uri("a.png"), uri("b.png"));
  }

  @Test
  void theLastStyleIsKeptHoweverLargeItIs() {
    Sources sources =
        new Sources(counting(), new ImageDecoder(ImageLimits.DEFAULT), MAX_BYTES, 1, 100);
    sources.style(uri("a.png"), new RowTimes());
    sources.style(uri("a.png"), new RowTimes());
    assertThat(read).containsExactly(uri("a.png"));
    sources.style(uri("b.png"), new RowTimes());
    sources.style(uri("a.png"), new RowTimes());
    assertThat(read).containsExactly(uri("a.png"), uri("b.png"), uri("a.png"));
  }

  private PhotoSource photo(Sources sources, String name, Hyperparameters row) {
    return sources.photo(uri(name), row, false, new RowTimes());
  }

  private Sources sources(int threads) {
    return new Sources(counting(), new ImageDecoder(ImageLimits.DEFAULT), MAX_BYTES, threads);
  }

  private ObjectStore counting() {
    return new ForwardingStore(files) {
      @Override
      public byte[] read(String uri, long maxBytes) {
        read.add(uri);
        return super.read(uri, maxBytes);
      }
    };
  }

  private String uri(String name) {
    return "file:" + folder.resolve(name);
  }
}
