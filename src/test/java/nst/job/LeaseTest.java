package nst.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  @TempDir Path folder;
  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));

  @Test
  void isGivenBackAtTheEnd() {
    try (Lease lease = Lease.acquire(store, layout(), () -> {})) {
      assertThat(lease).isNotNull();
      assertThat(store.exists(layout().leaseFile())).isTrue();
    }
    assertThat(store.exists(layout().leaseFile())).isFalse();
  }

  @Test
  void refusesARunThatALivingDriverHoldsAndSaysWho() {
    write("elsewhere", 4711, Instant.now());
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    ScheduledFuture<?> renewing =
        clock.scheduleAtFixedRate(
            () -> write("elsewhere", 4711, Instant.now()), 100, 100, TimeUnit.MILLISECONDS);
    try {
      assertThatThrownBy(() -> Lease.acquire(store, layout(), () -> {}))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("process 4711 on elsewhere holds it");
    } finally {
      renewing.cancel(false);
      clock.shutdownNow();
    }
  }

  @Test
  void takesOverFromAProcessOfThisMachineThatIsGone() throws IOException, InterruptedException {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    write(java.net.InetAddress.getLocalHost().getHostName(), gone.pid(), Instant.now());
    try (Lease lease = Lease.acquire(store, layout(), () -> {})) {
      assertThat(lease).isNotNull();
    }
  }

  @Test
  void takesOverFromAHolderThatHasBeenSilentForLong() {
    write("elsewhere", 4711, Instant.now().minusSeconds(3600));
    try (Lease lease = Lease.acquire(store, layout(), () -> {})) {
      assertThat(lease).isNotNull();
    }
  }

  private void write(String host, long pid, Instant renewedAt) {
    String text =
        String.format(
            "{\"host\":\"%s\",\"pid\":%d,\"token\":\"t\",\"since\":\"2026-01-01T00:00:00Z\",\"renewed_at\":\"%s\"}",
            host, pid, renewedAt);
    store.write(layout().leaseFile(), text.getBytes(UTF_8));
  }

  private OutputLayout layout() {
    return new OutputLayout("file:" + folder, "2026-01-01", "run");
  }
}
