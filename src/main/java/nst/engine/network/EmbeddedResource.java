package nst.engine.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import nst.model.text.Sha256;

/**
 * A file in the jar whose digest is known.
 *
 * @param neighbour a class of the package that contains the resource
 * @param name the file's name
 * @param sha256 the digest of its bytes, which is checked when it is read
 */
public record EmbeddedResource(Class<?> neighbour, String name, String sha256) {
  /**
   * Reads the file.
   *
   * @throws IllegalStateException if it is missing or has another digest
   */
  public byte[] bytes() {
    String path = neighbour.getPackageName().replace('.', '/') + "/" + name;
    try (InputStream in = neighbour.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "The resource " + path + " is missing from the jar. Build the jar again");
      }
      byte[] bytes = in.readAllBytes();
      String digest = Sha256.hex(bytes);
      if (!digest.equals(sha256)) {
        throw new IllegalStateException(
            "The resource "
                + path
                + " of the jar is damaged: expected sha256 "
                + sha256
                + ", was "
                + digest
                + ". Build the jar again");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource " + path + " of the jar", e);
    }
  }
}
