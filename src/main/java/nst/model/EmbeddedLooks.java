package nst.model;

/**
 * The style network in the jar, which has looks for two paintings of the sample catalogue. {@code
 * src/tools/train_embedded.sh} makes it.
 */
public final class EmbeddedLooks {
  /**
   * What rows write in the column {@code network}. It is part of the keys of images, so another
   * network needs another name.
   */
  public static final String NAME = "embedded:sample-2";

  private EmbeddedLooks() {}
}
