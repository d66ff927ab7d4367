package nst.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.job.TestCatalogue;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoCacheTest {
  private static final int SHORTEST = 64;
  private static final long ONE_PHOTO = 4L * 3 * 64 * 96;

  @TempDir Path folder;

  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));

  @BeforeEach
  void photos() {
    TestCatalogue catalogue = new TestCatalogue(folder);
    for (int i = 0; i < 4; i++) {
      catalogue.picture("p" + i + ".png", 192, 128, i);
    }
    catalogue.picture("small.png", 31, 90, 5);
  }

  private PhotoCache cache(long maxBytes, String... names) {
    return new PhotoCache(
        List.of(names).stream().map(name -> "file:" + folder.resolve(name)).toList(),
        store,
        new ImageDecoder(ImageLimits.DEFAULT),
        1 << 20,
        SHORTEST,
        maxBytes);
  }

  @Test
  void aPhotoIsReducedAndTheCacheKeepsNoMoreThanItMay() {
    PhotoCache cache = cache(2 * ONE_PHOTO, "p0.png", "p1.png", "p2.png", "p3.png");

    for (int i = 0; i < 8; i++) {
      assertThat(cache.get(i % 4).height()).isEqualTo(SHORTEST);
      assertThat(cache.keptBytes()).isLessThanOrEqualTo(2 * ONE_PHOTO);
    }
    assertThat(cache.keptBytes()).isEqualTo(2 * ONE_PHOTO);
    assertThat(cache.get(3)).as("the last two are kept").isSameAs(cache.get(3));
  }

  @Test
  void theNextPhotoIsGivenInPlaceOfOneThatCannotBeUsed() {
    PhotoCache cache = cache(10 * ONE_PHOTO, "p0.png", "small.png", "none.png", "p1.png");

    assertThat(cache.get(1)).isSameAs(cache.get(3));
    assertThat(cache.get(2)).isSameAs(cache.get(3));
    assertThat(cache.leftOut())
        .hasSize(2)
        .hasEntrySatisfying(
            folder.resolve("small.png").toString(),
            reason -> assertThat(reason).contains("expected at least 32 pixels"))
        .hasEntrySatisfying(
            folder.resolve("none.png").toString(),
            reason -> assertThat(reason).contains("no such file"));
  }

  @Test
  void aFailureOfTheStoreSaysNothingAboutAPhoto() {
    PhotoCache cache =
        new PhotoCache(
            List.of("file:" + folder), // a folder can be opened but not read
            new Failing(store),
            new ImageDecoder(ImageLimits.DEFAULT),
            1 << 20,
            SHORTEST,
            ONE_PHOTO);

    assertThatThrownBy(() -> cache.get(0)).isInstanceOf(TransferException.class);
    assertThat(cache.leftOut()).isEmpty();
  }

  /** A store that is overloaded. */
  private record Failing(ObjectStore store) implements ObjectStore {
    @Override
    public byte[] read(String uri, long maxBytes) {
      throw new TransferException(ErrorCode.THROTTLED, "Cannot read " + uri + ": slow down");
    }

    @Override
    public void write(String uri, byte[] bytes) {
      store.write(uri, bytes);
    }

    @Override
    public void write(String uri, Path file) {
      store.write(uri, file);
    }

    @Override
    public boolean create(String uri, byte[] bytes) {
      return store.create(uri, bytes);
    }

    @Override
    public boolean exists(String uri) {
      return store.exists(uri);
    }

    @Override
    public void delete(String uri) {
      store.delete(uri);
    }

    @Override
    public java.util.Iterator<nst.storage.StoredObject> objects(String folder) {
      return store.objects(folder);
    }

    @Override
    public java.util.Iterator<String> list(String folder) {
      return store.list(folder);
    }
  }
}
