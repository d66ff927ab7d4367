package nst.engine.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A file in the jar whose checksum is known.
 *
 * @param neighbour a class of the package that contains the resource
 * @param name the file's name
 * @param crc32 the checksum of its bytes, which is checked when it is read. A SHA-256 of the
 *     network would take half of the time in which an executor loads it; tests compute it.
 */
public record EmbeddedResource(Class<?> neighbour, String name, long crc32) {
  /**
   * Reads the file.
   *
   * @throws IllegalStateException if it is missing or has another checksum
   */
  public byte[] bytes() {
    String path = neighbour.getPackageName().replace('.', '/') + "/" + name;
    try (InputStream in = neighbour.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "The resource " + path + " is missing from the jar. Build the jar again");
      }
      byte[] bytes = in.readAllBytes();
      CRC32 checksum = new CRC32();
      checksum.update(bytes);
      if (checksum.getValue() != crc32) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "The resource %s of the jar is damaged: expected CRC-32 %08x, was %08x. Build the"
                    + " jar again",
                path,
                crc32,
                checksum.getValue()));
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource " + path + " of the jar", e);
    }
  }
}
