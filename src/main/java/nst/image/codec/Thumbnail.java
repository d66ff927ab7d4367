package nst.image.codec;

import nst.image.Resampler;
import nst.image.RgbImage;

/** Thumbnails for the report page. */
public final class Thumbnail {
  /**
   * A higher quality is not visible at a few hundred pixels, and a page has hundreds of thumbnails.
   */
  private static final int QUALITY = 82;

  /**
   * An image is first averaged to at least so many times its final size, which is faster than the
   * resampling alone and looks the same.
   */
  private static final double GAP = 1.5;

  private Thumbnail() {}

  /** Encodes a JPEG file without metadata. */
  public static byte[] jpeg(RgbImage image) {
    return PixelWriter.jpeg(image, QUALITY);
  }

  /**
   * Reduces an image. The opacity may be lost, because a JPEG file has none.
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
    return Resampler.resize(averaged(image, (int) (1 / scale / GAP)), width, height);
  }

  /** The means of blocks of pixels. Their sides have the given length or one pixel more. */
  private static RgbImage averaged(RgbImage image, int side) {
    if (side < 2 || image.width() < side || image.height() < side) {
      return image;
    }
    int width = image.width() / side;
    int height = image.height() / side;
    float[] means = new float[3 * width * height];
    for (int row = 0; row < 3 * height; row++) {
      int plane = row / height * image.height();
      int top = bound(row % height, image.height(), height);
      int bottom = bound(row % height + 1, image.height(), height);
      for (int column = 0; column < width; column++) {
        int left = bound(column, image.width(), width);
        int right = bound(column + 1, image.width(), width);
        float sum = 0;
        for (int y = top; y < bottom; y++) {
          int at = (plane + y) * image.width();
          for (int x = left; x < right; x++) {
            sum += image.planes()[at + x];
          }
        }
        means[row * width + column] = sum / ((bottom - top) * (right - left));
      }
    }
    return new RgbImage(width, height, means);
  }

  /** Where a block begins. */
  private static int bound(int block, int pixels, int blocks) {
    return (int) ((long) block * pixels / blocks);
  }
}
