package nst.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedObjectStoreTest {
  @TempDir Path folder;

  @Test
  void givesUpOnAnObjectThatTakesTooLong() {
    ObjectStore stuck =
        (ObjectStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  Thread.sleep(60_000);
                  return null;
                });
    ObjectStore timed = new TimedObjectStore(stuck, Duration.ofMillis(50));
    assertThatThrownBy(() -> timed.read("s3a://b/slow.jpg", 1))
        .hasMessageContaining("Cannot read s3a://b/slow.jpg")
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
  }

  @Test
  void passesAnswersAndFailuresThrough() {
    ObjectStore timed =
        new TimedObjectStore(
            new HadoopObjectStore(new Configuration(false)), Duration.ofSeconds(30));
    String uri = "file:" + folder + "/a";
    timed.write(uri, new byte[] {7});
    assertThat(timed.read(uri, 10)).containsExactly(7);
    assertThat(timed.exists(uri)).isTrue();
    timed.delete(uri);
    assertThatThrownBy(() -> timed.read(uri, 10))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }
}
