package nst.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import nst.image.codec.PixelWriter;

/** Creates, truncates and modifies image files for tests. */
public final class TestFiles {
  static final int PNG_HEADER_END = 33;

  private TestFiles() {}

  /** A file made by fixtures.py: red, green, blue and white quarters, 64 x 48. */
  public static byte[] fixture(String name) {
    try (InputStream stream = TestFiles.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A smooth image with enough detail for a file of some kilobytes. */
  public static RgbImage picture(int width, int height) {
    return TestImages.image(
        width,
        height,
        (x, y) ->
            new double[] {
              0.5 + 0.4 * Math.sin(20 * x + 3 * y),
              0.5 + 0.4 * Math.cos(15 * y - 7 * x),
              0.5 + 0.4 * Math.sin(30 * x * y)
            });
  }

  public static byte[] jpeg(int width, int height) {
    return PixelWriter.jpeg(picture(width, height), 92);
  }

  public static byte[] png(int width, int height) {
    return PixelWriter.png(picture(width, height));
  }

  public static byte[] write(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static byte[] chunk(String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(type.getBytes(StandardCharsets.ISO_8859_1)).put(data);
    CRC32 checksum = new CRC32();
    checksum.update(chunk.array(), 4, 4 + data.length);
    return chunk.putInt((int) checksum.getValue()).array();
  }

  public static byte[] withChunk(byte[] png, String type, byte[] data) {
    return inserted(png, PNG_HEADER_END, chunk(type, data));
  }

  /** Inserts a segment directly after the first two bytes of a file. */
  public static byte[] withSegment(byte[] jpeg, int marker, byte[] payload) {
    ByteBuffer segment = ByteBuffer.allocate(4 + payload.length);
    segment.put((byte) 0xFF).put((byte) marker).putShort((short) (payload.length + 2));
    return inserted(jpeg, 2, segment.put(payload).array());
  }

  public static byte[] inserted(byte[] file, int offset, byte[] bytes) {
    return ByteBuffer.allocate(file.length + bytes.length)
        .put(file, 0, offset)
        .put(bytes)
        .put(file, offset, file.length - offset)
        .array();
  }

  /** A TIFF structure with one entry: the orientation. */
  public static byte[] exif(int orientation) {
    return ByteBuffer.allocate(26)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii("II*\0"))
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .putShort((short) 0)
        .putInt(0)
        .array();
  }

  public static byte[] joined(byte[] first, byte[] second) {
    return inserted(first, first.length, second);
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * A profile with Display P3's primaries and a plain gamma of 2.2 (ICC.1, matrix/TRC). Its red is
   * outside sRGB.
   */
  public static byte[] wideGamutProfile() {
    Map<String, byte[]> tags =
        Map.of(
            "rXYZ", xyz(0.51512, 0.2412, -0.00105),
            "gXYZ", xyz(0.29198, 0.69225, 0.04189),
            "bXYZ", xyz(0.1571, 0.06657, 0.78407),
            "wtpt", xyz(0.9642, 1, 0.8249),
            "rTRC", gamma(),
            "gTRC", gamma(),
            "bTRC", gamma());
    int header = 128;
    int table = 4 + 12 * tags.size();
    int size = header + table + tags.values().stream().mapToInt(data -> data.length).sum();
    ByteBuffer profile = ByteBuffer.allocate(size);
    profile.putInt(0, size).putInt(8, 0x02400000);
    profile.put(12, ascii("mntrRGB XYZ ")).put(36, ascii("acsp"));
    profile.putInt(68, 0xF6D6).putInt(72, 0x10000).putInt(76, 0xD32D); // D50
    profile.position(header).putInt(tags.size());
    int at = header + table;
    for (Map.Entry<String, byte[]> tag : tags.entrySet()) {
      profile.put(ascii(tag.getKey())).putInt(at).putInt(tag.getValue().length);
      profile.put(at, tag.getValue());
      at += tag.getValue().length;
    }
    return profile.array();
  }

  private static byte[] xyz(double x, double y, double z) {
    ByteBuffer data = ByteBuffer.allocate(20).put(ascii("XYZ ")).putInt(0);
    for (double value : new double[] {x, y, z}) {
      data.putInt((int) Math.round(value * 65536));
    }
    return data.array();
  }

  private static byte[] gamma() {
    return ByteBuffer.allocate(16)
        .put(ascii("curv"))
        .putInt(0)
        .putInt(1)
        .putShort((short) Math.round(2.2 * 256))
        .putShort((short) 0)
        .array();
  }
}
