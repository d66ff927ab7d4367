package nst.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecodingMemoryTest {
  private static final long MIB = 1 << 20;

  private final DecodingMemory memory = new DecodingMemory(100 * MIB);

  @Test
  void decodesTogetherWhatHasRoom() {
    CountDownLatch both = new CountDownLatch(2);
    CompletableFuture<Boolean> one = decoding(50 * MIB, both);
    CompletableFuture<Boolean> other = decoding(50 * MIB, both);
    assertThat(one.join()).isTrue();
    assertThat(other.join()).isTrue();
  }

  @Test
  void anImageLargerThanTheMemoryIsDecodedAlone() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Boolean> large =
        CompletableFuture.supplyAsync(
            () ->
                memory.during(
                    1000 * MIB,
                    () -> {
                      begun.countDown();
                      return awaited(end);
                    }));
    begun.await();
    CompletableFuture<Boolean> small =
        CompletableFuture.supplyAsync(() -> memory.during(MIB, () -> end.getCount() == 0));
    assertThat(small).isNotDone();
    end.countDown();
    assertThat(large.join()).isTrue();
    assertThat(small.join()).isTrue(); // it began after the end of the other
  }

  @Test
  void aFailureGivesTheMemoryBack() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  memory.during(
                      100 * MIB,
                      () -> {
                        throw new IllegalStateException("damaged");
                      }))
          .hasMessage("damaged");
    }
    assertThat(memory.during(100 * MIB, () -> "decoded")).isEqualTo("decoded");
  }

  @Test
  void anInterruptedThreadDoesNotWait() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> memory.during(MIB, () -> "decoded"))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(memory.during(100 * MIB, () -> "decoded")).isEqualTo("decoded");
  }

  /** Decodes until the other thread decodes as well. */
  private CompletableFuture<Boolean> decoding(long bytes, CountDownLatch both) {
    return CompletableFuture.supplyAsync(
        () ->
            memory.during(
                bytes,
                () -> {
                  both.countDown();
                  return awaited(both);
                }));
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
