package nst.engine.stylenetwork;

import nst.engine.network.EmbeddedResource;
import nst.model.EmbeddedLooks;

/** The bytes of the style network in the jar, {@link EmbeddedLooks}. */
public final class EmbeddedStyleNetwork {
  /** The digest of the resource. */
  static final String SHA256 = "c8fa618965c1a2adffa3c4ff97eac45fce613907611d286e32dbd739848594ca";

  private static final EmbeddedResource RESOURCE =
      new EmbeddedResource(EmbeddedStyleNetwork.class, "sample-1.safetensors", SHA256);

  private EmbeddedStyleNetwork() {}

  /** Reads the file. */
  public static byte[] bytes() {
    return RESOURCE.bytes();
  }
}
