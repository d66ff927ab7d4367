package nst.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BoundedCacheTest {
  private final BoundedCache<String, byte[]> cache =
      new BoundedCache<>(1000, bytes -> bytes.length);
  private int computed;

  private byte[] bytes(int length) {
    computed++;
    return new byte[length];
  }

  private byte[] of(String key) {
    return cache.of(key, () -> bytes(400));
  }

  @Test
  void computesEachValueOnce() {
    byte[] first = of("a");

    assertThat(of("a")).isSameAs(first);
    assertThat(computed).isEqualTo(1);
  }

  @Test
  void dropsTheLongestUnusedWhenFull() {
    of("a");
    of("b");
    of("a"); // used again
    of("c"); // drops b

    assertThat(cache.keptBytes()).isEqualTo(800);
    of("a");
    assertThat(computed).isEqualTo(3);
    of("b");
    assertThat(computed).isEqualTo(4);
  }

  @Test
  void aValueLargerThanTheCacheDropsNoOther() {
    of("a");

    assertThat(cache.of("large", () -> bytes(1001))).hasSize(1001);

    assertThat(cache.keptBytes()).isEqualTo(400);
    of("a");
    assertThat(computed).isEqualTo(2);
  }

  @Test
  void forgetsWhatFailed() {
    assertThatThrownBy(
            () ->
                cache.of(
                    "a",
                    () -> {
                      throw new IllegalStateException("out of luck");
                    }))
        .hasMessage("out of luck");
    assertThat(of("a")).hasSize(400);
  }
}
