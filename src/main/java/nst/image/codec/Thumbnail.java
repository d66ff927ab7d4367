package nst.image.codec;

import nst.image.Resampler;
import nst.image.RgbImage;

/** Small pictures for the report's page. */
public final class Thumbnail {
  /** At a few hundred pixels nobody sees the difference to more, and a page holds hundreds. */
  private static final int QUALITY = 82;

  private Thumbnail() {}

  /**
   * A bare JPEG file.
   *
   * @param longestSide in pixels, at least 1; an image that is smaller already keeps its size
   */
  static byte[] jpeg(RgbImage image, int longestSide) {
    return jpeg(shrunk(image, longestSide));
  }

  /** A bare JPEG file of the image as it is. */
  public static byte[] jpeg(RgbImage image) {
    return PixelWriter.jpeg(image, QUALITY);
  }

  /**
   * The image made small.
   *
   * @param longestSide in pixels, at least 1; an image that is smaller already keeps its size
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
