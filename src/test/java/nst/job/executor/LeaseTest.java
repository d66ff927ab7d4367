package nst.job.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import nst.storage.HadoopObjectStore;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseTest {
  @TempDir Path folder;
  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));

  @Test
  void isGivenBackAtTheEnd() {
    try (Lease lease = Lease.acquire(store, claim(), () -> {})) {
      assertThat(lease).isNotNull();
      assertThat(store.exists(layout().leaseFile())).isTrue();
    }
    assertThat(store.exists(layout().leaseFile())).isFalse();
  }

  @Test
  void refusesARunThatALivingDriverHoldsAndSaysWho() {
    write("elsewhere", "", 4711, Instant.now());
    assertThatThrownBy(() -> Lease.requireFree(renewing(), claim()))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("process 4711 on " + ProcessIdentity.ours().host() + " holds it");
  }

  @Test
  void twoDriversDoNotTrainOneNetwork() {
    NetworkLayout training =
        new NetworkLayout("file:" + folder, "0123456789abcdef0123456789abcdef");
    try (Lease lease = Lease.acquire(store, Lease.Claim.of(training), () -> {})) {
      assertThat(lease).isNotNull();
      assertThatThrownBy(
              () ->
                  Lease.acquire(renewing(training.leaseFile()), Lease.Claim.of(training), () -> {}))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("Cannot train " + training.network() + ": process ")
          .hasMessageContaining("wait for it");
    }
    assertThat(store.exists(training.leaseFile())).isFalse();
  }

  @Test
  void takesOverAtOnceFromAProcessOfThisNamespaceThatIsGone() throws Exception {
    ProcessIdentity ours = ProcessIdentity.ours();
    write(ours.boot(), ours.pidNamespace(), pidThatIsGone(), Instant.now());

    acquireWithoutPatience(Duration.ofHours(1));
  }

  @ParameterizedTest
  @CsvSource({"another boot, ours", "ours, another namespace", "ours, ''", "'', ours", "'', ''"})
  void waitsForAHolderWhoseProcessCannotBeSeen(String boot, String namespace) throws Exception {
    ProcessIdentity ours = ProcessIdentity.ours();
    write(
        boot.replace("ours", ours.boot()),
        namespace.replace("ours", ours.pidNamespace()),
        pidThatIsGone(),
        Instant.now());

    assertThatThrownBy(() -> Lease.acquire(renewing(), claim(), () -> {}, Duration.ofHours(1)))
        .isInstanceOf(JobFailedException.class)
        .hasMessageContaining("holds it");
  }

  @Test
  void takesOverFromAHolderThatStaysSilentWhateverItsClockSays() {
    write("elsewhere", "", 4711, Instant.now().plusSeconds(300)); // its clock is fast
    acquireWithoutPatience(Duration.ofMillis(50));
  }

  @Test
  void doesNotTakeTheLeaseOfALivingHolderWithASlowClock() {
    write("elsewhere", "", 4711, Instant.now().minusSeconds(300));
    assertThatThrownBy(() -> Lease.acquire(renewing(), claim(), () -> {}, Duration.ofHours(1)))
        .isInstanceOf(JobFailedException.class);
  }

  @Test
  void takesOverTheLeaseOfAHolderWithAnOldRenewal() {
    write("elsewhere", "", 4711, Instant.now().minusSeconds(3600));
    acquireWithoutPatience(Duration.ofHours(1));
  }

  @Test
  void viewingChangesNothing() {
    write("elsewhere", "", 4711, Instant.now().minusSeconds(3600));
    byte[] before = store.read(layout().leaseFile(), 1024);

    Lease.requireFree(store, claim());

    assertThat(store.read(layout().leaseFile(), 1024)).isEqualTo(before);
  }

  @Test
  void saysWhichBootAndNamespaceHoldIt() {
    try (Lease lease = Lease.acquire(store, claim(), () -> {})) {
      assertThat(lease).isNotNull();
      assertThat(new String(store.read(layout().leaseFile(), 1024), UTF_8))
          .contains(ProcessIdentity.ours().boot())
          .contains(ProcessIdentity.ours().pidNamespace());
    }
  }

  private void acquireWithoutPatience(Duration silence) {
    try (Lease lease = Lease.acquire(store, claim(), () -> {}, silence)) {
      assertThat(lease).isNotNull();
    }
  }

  private static long pidThatIsGone() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    return gone.pid();
  }

  /**
   * Simulates the store for a second driver while the holder is alive: each read returns a newer
   * lease.
   */
  private ObjectStore renewing() {
    return renewing(layout().leaseFile());
  }

  private ObjectStore renewing(String lease) {
    return new ObservedStore(
        store,
        () -> {
          String text = new String(store.read(lease, 1024), UTF_8);
          String later = text.replaceFirst("(renewed_at\":\")[^\"]*", "$1" + Instant.now());
          store.write(lease, later.getBytes(UTF_8));
        });
  }

  private void write(String boot, String namespace, long pid, Instant renewedAt) {
    String text =
        String.format(
            "{\"host\":\"%s\",\"boot\":\"%s\",\"pid_namespace\":\"%s\",\"pid\":%d,\"token\":\"t\",\"since\":\"2026-01-01T00:00:00Z\",\"renewed_at\":\"%s\"}",
            ProcessIdentity.ours().host(), boot, namespace, pid, renewedAt);
    store.write(layout().leaseFile(), text.getBytes(UTF_8));
  }

  private Lease.Claim claim() {
    return Lease.Claim.of(layout());
  }

  private OutputLayout layout() {
    return new OutputLayout("file:" + folder, "2026-01-01", "run");
  }
}
