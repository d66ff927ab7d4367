package nst.engine.stylenetwork;

import nst.engine.network.EmbeddedResource;
import nst.model.EmbeddedLooks;

/** The bytes of the style network in the jar, {@link EmbeddedLooks}. */
public final class EmbeddedStyleNetwork {
  private static final EmbeddedResource RESOURCE =
      new EmbeddedResource(EmbeddedStyleNetwork.class, "sample-2.safetensors", 0x4252d446L);

  private EmbeddedStyleNetwork() {}

  /** Reads the file. */
  public static byte[] bytes() {
    return RESOURCE.bytes();
  }
}
