package nst.engine.network;

import java.lang.ref.SoftReference;
import nst.model.NetworkFacts;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.FeatureScale;

/**
 * VGG16, trained on ImageNet (Simonyan and Zisserman 2015), as a resource of this program. Runs use
 * it if no other network is configured. {@code vgg16.LICENSE.txt}, next to the resource, gives its
 * source and licence.
 */
public final class EmbeddedNetwork {
  public static final Backbone BACKBONE = Backbone.VGG16;

  /** The digest of the resource. */
  public static final String SHA256 =
      "fa3f82b8dbcc2adc23b4d432f932d5aa37523db2fe7d9c01166e9c2c408efac9";

  public static final NetworkFacts FACTS =
      new NetworkFacts(
          NetworkFacts.Input.RGB_STANDARDIZED,
          FeatureScale.CAFFE.activationScale(),
          NetworkFacts.Basis.METADATA);

  static final String NAME = "vgg16.safetensors (embedded)";

  private static final EmbeddedResource RESOURCE =
      new EmbeddedResource(EmbeddedNetwork.class, "vgg16.safetensors", 0x6fd96aa5L);

  /** The 29 MB of the resource, which are needed only for loading. */
  private static SoftReference<byte[]> read = new SoftReference<>(null);

  private EmbeddedNetwork() {}

  /** The bytes of the file. Do not modify them. */
  static synchronized byte[] bytes() {
    byte[] bytes = read.get();
    if (bytes == null) {
      bytes = RESOURCE.bytes();
      read = new SoftReference<>(bytes);
    }
    return bytes;
  }
}
