package nst.image.codec;

import nst.image.Resampler;
import nst.image.RgbImage;

/** Thumbnails for the report page. */
public final class Thumbnail {
  /**
   * A higher quality is not visible at a few hundred pixels, and a page has hundreds of thumbnails.
   */
  private static final int QUALITY = 82;

  private Thumbnail() {}

  /** Encodes a JPEG file without metadata. */
  public static byte[] jpeg(RgbImage image) {
    return PixelWriter.jpeg(image, QUALITY);
  }

  /**
   * Reduces an image.
   *
   * @param longestSide in pixels, at least 1; a smaller image is not resized
   */
  public static RgbImage shrunk(RgbImage image, int longestSide) {
    if (longestSide < 1) {
      throw new IllegalArgumentException(
          "Invalid longest side: expected at least 1 pixel, was " + longestSide);
    }
    double scale = Math.min(1, longestSide / (double) Math.max(image.width(), image.height()));
    int width = Math.max(1, (int) Math.round(image.width() * scale));
    int height = Math.max(1, (int) Math.round(image.height() * scale));
    return Resampler.resize(image, width, height);
  }
}
