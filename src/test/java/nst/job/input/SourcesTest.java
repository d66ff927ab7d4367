package nst.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nst.image.ImageLimits;
import nst.image.TestFiles;
import nst.image.codec.ImageDecoder;
import nst.storage.ForwardingStore;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
  private static final long MAX_BYTES = 1 << 20;

  private final ObjectStore files = new HadoopObjectStore(new Configuration(false));
  private final List<String> read = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void consecutiveRowsOfOnePhotoReadItOnce() {
    files.write(uri("a.png"), TestFiles.png(40, 36));
    files.write(uri("b.png"), TestFiles.png(44, 36));
    ObjectStore counting =
        new ForwardingStore(files) {
          @Override
          public byte[] read(String uri, long maxBytes) {
            read.add(uri);
            return super.read(uri, maxBytes);
          }
        };
    Sources sources = new Sources(counting, new ImageDecoder(ImageLimits.DEFAULT), MAX_BYTES);

    Sources.Source first = sources.photo(uri("a.png"), new RowTimes());
    Sources.Source second = sources.photo(uri("a.png"), new RowTimes());
    assertThat(second.image()).isSameAs(first.image());
    assertThat(second).isEqualTo(first);
    assertThat(read).containsExactly(uri("a.png"));

    assertThat(sources.photo(uri("b.png"), new RowTimes()).image().width()).isEqualTo(44);
    assertThat(sources.photo(uri("a.png"), new RowTimes())).isNotSameAs(first);
    assertThat(read).containsExactly(uri("a.png"), uri("b.png"), uri("a.png"));
  }

  private String uri(String name) {
    return "file:" + folder.resolve(name);
  }
}
