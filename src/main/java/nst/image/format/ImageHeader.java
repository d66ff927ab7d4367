package nst.image.format;

/**
 * The format and size of an image from its header.
 *
 * @param width in pixels, of the upright image
 * @param height in pixels, of the upright image
 */
public record ImageHeader(int width, int height, ImageFormat format) {

  /** The header after a rotation by 90 degrees. */
  public ImageHeader turned() {
    return new ImageHeader(/* width= */ height, /* height= */ width, format);
  }
}
