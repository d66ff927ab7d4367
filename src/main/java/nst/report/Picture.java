package nst.report;

import java.util.Base64;

/**
 * An encoded image that travels inside the page.
 *
 * @param dataUri {@code data:image/...;base64,...}
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 */
public record Picture(String dataUri, int width, int height) {
  public Picture {
    if (!dataUri.matches("data:image/(jpeg|png);base64,[A-Za-z0-9+/=]+")) {
      throw new IllegalArgumentException(
          "expected a base64 data URI of a JPEG or PNG, was "
              + dataUri.substring(0, Math.min(dataUri.length(), 40)));
    }
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "expected a picture of at least 1 x 1 pixels, was " + width + " x " + height);
    }
  }

  /**
   * A picture of JPEG bytes. About 400 pixels wide serves the contact sheet, 1024 the large view.
   */
  public static Picture jpeg(byte[] bytes, int width, int height) {
    return new Picture(
        "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes), width, height);
  }

  public static Picture png(byte[] bytes, int width, int height) {
    return new Picture(
        "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes), width, height);
  }
}
