package nst.image.format;

/**
 * What the first bytes of an image say.
 *
 * @param width in pixels, as the image stands upright
 * @param height in pixels, as the image stands upright
 */
public record ImageHeader(int width, int height, ImageFormat format) {

  /** The same after a quarter turn. */
  public ImageHeader turned() {
    return new ImageHeader(/* width= */ height, /* height= */ width, format);
  }
}
