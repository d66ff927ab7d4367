package nst.image.format;

/** The supported formats. The first bytes of a file determine its format, not its name. */
public enum ImageFormat {
  JPEG,
  PNG,
  GIF,
  BMP,
  TIFF,
  WEBP;

  /** The list of formats in messages. */
  static final String EXPECTED = "expected JPEG, PNG, GIF, BMP, TIFF or WebP";
}
