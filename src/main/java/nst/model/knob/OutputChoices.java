package nst.model.knob;

/** The choices of the knobs that determine what is written. */
public final class OutputChoices {
  private OutputChoices() {}

  /** Whether the result keeps the photo's colours, and how (Gatys 2016, Preserving color). */
  public enum ColorPreservation {
    NONE,
    LUMINANCE_YCBCR,
    LUMINANCE_OKLAB,
    MATCH
  }

  /** The file format of the image. */
  public enum OutputFormat {
    PNG("png", 8),
    JPG("jpg", 8),
    /** PNG with 16 bits for each channel. */
    PNG16("png", 16);

    private final String extension;
    private final int bits;

    OutputFormat(String extension, int bits) {
      this.extension = extension;
      this.bits = bits;
    }

    /** The extension of file names, without a dot. */
    public String extension() {
      return extension;
    }

    /** The bits of each channel. */
    public int bits() {
      return bits;
    }

    /** Whether files of the format can have transparent pixels. */
    public boolean hasAlpha() {
      return this != JPG;
    }
  }
}
