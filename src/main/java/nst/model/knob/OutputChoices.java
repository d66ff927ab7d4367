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
    PNG,
    JPG
  }
}
