package nst.image.format;

/** The formats that are read; which one it is, the first bytes say and never the name. */
public enum ImageFormat {
  JPEG,
  PNG,
  GIF,
  BMP,
  TIFF,
  WEBP;

  /** How messages list what is expected. */
  static final String EXPECTED = "expected JPEG, PNG, GIF, BMP, TIFF or WebP";
}
