package nst.report;

import java.io.Serializable;
import java.util.Base64;

/** A JPEG image inside a page. */
public final class PageImage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] bytes;
  private final int width;
  private final int height;

  private PageImage(byte[] bytes, int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "expected a picture of at least 1 x 1 pixels, was " + width + " x " + height);
    }
    this.bytes = bytes;
    this.width = width;
    this.height = height;
  }

  /**
   * Creates an image from JPEG bytes, which it keeps.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   */
  public static PageImage jpeg(byte[] bytes, int width, int height) {
    return new PageImage(bytes, width, height);
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
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
