package nst.model.knob;

/** The choices of the knobs that determine sizes and scales. */
public final class SizeChoices {
  private SizeChoices() {}

  /** The side that {@code image_size} sets. */
  public enum SizeRule {
    LONGEST,
    SHORTEST,
    EXACT,
    CONTENT
  }

  /** How a style image is brought to its size. */
  public enum StyleFit {
    SCALE,
    CROP,
    PAD
  }

  /** What the optimiser keeps from one scale to the next. */
  public enum ScaleState {
    FRESH,
    CARRIED
  }
}
