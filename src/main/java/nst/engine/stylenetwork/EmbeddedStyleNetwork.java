package nst.engine.stylenetwork;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import nst.model.EmbeddedLooks;
import nst.model.text.Sha256;

/** The bytes of the style network in the jar, {@link EmbeddedLooks}. */
public final class EmbeddedStyleNetwork {
  /** The digest of the resource. It is checked when the resource is read. */
  static final String SHA256 = "c8fa618965c1a2adffa3c4ff97eac45fce613907611d286e32dbd739848594ca";

  private static final String RESOURCE = "sample-1.safetensors";

  private EmbeddedStyleNetwork() {}

  /** Reads the file. */
  public static byte[] bytes() {
    try (InputStream in = EmbeddedStyleNetwork.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "The embedded style network is missing from the jar: expected the resource "
                + RESOURCE
                + ". Build the jar again");
      }
      byte[] bytes = in.readAllBytes();
      String digest = Sha256.hex(bytes);
      if (!digest.equals(SHA256)) {
        throw new IllegalStateException(
            "The embedded style network is damaged: expected sha256 "
                + SHA256
                + ", was "
                + digest
                + ". Build the jar again");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the embedded style network", e);
    }
  }
}
