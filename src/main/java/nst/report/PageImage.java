package nst.report;

import java.util.Base64;
import nst.model.text.Sha256;

/**
 * A JPEG image of the page. Its bytes can be outside the heap until the page is written. Two images
 * are equal if their bytes are equal.
 */
public final class PageImage {
  /** Reads the bytes of an image. Called once for each place on the page that shows it. */
  @FunctionalInterface
  public interface Bytes {
    /** All bytes of the encoded image. */
    byte[] read();
  }

  private final String digest;
  private final int width;
  private final int height;
  private final Bytes bytes;

  private PageImage(String digest, int width, int height, Bytes bytes) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "expected a picture of at least 1 x 1 pixels, was " + width + " x " + height);
    }
    this.digest = digest;
    this.width = width;
    this.height = height;
    this.bytes = bytes;
  }

  /**
   * Creates an image from JPEG bytes, which it keeps on the heap.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   */
  public static PageImage jpeg(byte[] bytes, int width, int height) {
    return new PageImage(Sha256.hex(bytes), width, height, () -> bytes);
  }

  /** Returns the same image with bytes that are read again each time. */
  PageImage readFrom(Bytes elsewhere) {
    return new PageImage(digest, width, height, elsewhere);
  }

  byte[] bytes() {
    return bytes.read();
  }

  /** SHA-256 of the bytes, in hex. */
  String digest() {
    return digest;
  }

  /** The width in pixels. */
  public int width() {
    return width;
  }

  /** The height in pixels. */
  public int height() {
    return height;
  }

  /** The image as {@code data:image/jpeg;base64,...}, a bean property for the template. */
  public String getDataUri() {
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.read());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PageImage image && digest.equals(image.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }
}
