package nst.image;

import java.util.Optional;

/**
 * Planar sRGB pixels, nominally in [0, 1]: all red, then all green, then all blue, each row by row
 * from the top. An image with transparent pixels also has their opacity.
 *
 * <p>It owns its array and makes no copies, for speed. Callers that pass an array or get it must
 * not modify it afterwards.
 */
public final class RgbImage {
  private final int width;
  private final int height;
  private final float[] planes; // (3, height, width)
  private final Optional<float[]> alpha; // (height, width)
  private volatile Palette palette; // computed when it is needed; null before

  /**
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @param planes 3 * height * width values
   */
  public RgbImage(int width, int height, float[] planes) {
    this(width, height, planes, Optional.empty());
  }

  private RgbImage(int width, int height, float[] planes, Optional<float[]> alpha) {
    if (width < 1 || height < 1 || planes.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "expected 3 x " + height + " x " + width + " values, were " + planes.length);
    }
    this.width = width;
    this.height = height;
    this.planes = planes;
    alpha
        .filter(plane -> plane.length != width * height)
        .ifPresent(
            plane -> {
              throw new IllegalArgumentException(
                  "expected an alpha of " + height + " x " + width + ", was " + plane.length);
            });
    this.alpha = alpha;
  }

  /**
   * The same pixels with another opacity.
   *
   * @param other height * width values in [0, 1]; empty if every pixel is opaque
   */
  public RgbImage withAlpha(Optional<float[]> other) {
    return new RgbImage(width, height, planes, other);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Bytes of heap for the pixels. */
  public long bytes() {
    return (long) Float.BYTES * (planes.length + alpha.map(plane -> plane.length).orElse(0));
  }

  /** The colours of the image, computed once. */
  public Palette palette() {
    Palette known = palette;
    if (known == null) {
      known = Palette.of(planes);
      palette = known;
    }
    return known;
  }

  /** The pixels, (3, height, width). Do not modify them. */
  public float[] planes() {
    return planes;
  }

  /**
   * The opacity of the pixels, (height, width), from 0 (transparent) to 1; empty if every pixel is
   * opaque. Do not modify it.
   */
  public Optional<float[]> alpha() {
    return alpha;
  }
}
