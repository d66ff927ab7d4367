package nst.image.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import nst.image.TestFiles;
import org.junit.jupiter.api.Test;

class TiffDirectoryTest {

  @Test
  void aCircularChainOfCausesEnds() {
    byte[] circle =
        ByteBuffer.allocate(14)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(TestFiles.ascii("II*\0"))
            .putInt(8)
            .putShort((short) 0)
            .putInt(8)
            .array();
    assertThat(TiffDirectory.chain(circle)).hasSize(1);
  }

  @Test
  void readsWholeNumbersOfAnyType() {
    assertThat(entry(1, 1, 0x06000000).whole(0x0112)).hasValue(6);
    assertThat(entry(3, 1, 0x00060000).whole(0x0112)).hasValue(6);
    assertThat(entry(4, 1, 6).whole(0x0112)).hasValue(6);
    assertThat(entry(6, 1, 0xFF000000).whole(0x0112)).hasValue(-1);
    assertThat(entry(9, 1, -1).whole(0x0112)).hasValue(-1);
    assertThat(entry(5, 1, 6).whole(0x0112)).as("a fraction").isEmpty();
    assertThat(entry(3, 0, 6).whole(0x0112)).as("no value").isEmpty();
    assertThat(entry(4, 2, 1 << 30).whole(0x0112)).as("beyond the bytes").isEmpty();
    assertThat(entry(4, 1, 6).whole(0x0113)).as("another tag").isEmpty();
  }

  @Test
  void readsNoMoreBytesThanAllowed() {
    assertThat(entry(7, 3, 0x61626300).bytes(0x0112, 3)).hasValue(TestFiles.ascii("abc"));
    assertThat(entry(7, 3, 0x61626300).bytes(0x0112, 2)).isEmpty();
    assertThat(entry(7, -1, 8).bytes(0x0112, 1 << 20)).isEmpty();
  }

  @Test
  void whatIsNoTiffHasNoDirectory() {
    assertThat(TiffDirectory.first(TestFiles.ascii("II*\0"))).isEmpty();
    assertThat(TiffDirectory.first(TestFiles.ascii("GIF89a..."))).isEmpty();
    assertThat(TiffDirectory.first(TestFiles.ascii("II*\0\u00ff\u00ff\u00ff\u00ff"))).isEmpty();
  }

  /** A big-endian directory with one entry, tag 0x0112. */
  private static TiffDirectory entry(int type, int count, int value) {
    byte[] bytes =
        ByteBuffer.allocate(26)
            .put(TestFiles.ascii("MM\0*"))
            .putInt(8)
            .putShort((short) 1)
            .putShort((short) 0x0112)
            .putShort((short) type)
            .putInt(count)
            .putInt(value)
            .putInt(0)
            .array();
    return TiffDirectory.first(bytes).orElseThrow();
  }
}
