package nst.model.knob;

/** The choices of the knobs that determine what is minimised. */
public final class LossChoices {
  private LossChoices() {}

  /** How two feature maps are compared. */
  public enum ContentLoss {
    MEAN_SQUARES,
    HALF_SUM_SQUARES
  }

  /**
   * What the Gram matrix is divided by, and whether the mean of each channel is subtracted first.
   */
  public enum GramNormalization {
    RAW,
    PER_POSITION,
    PER_ELEMENT,
    CENTERED
  }

  /** How two Gram matrices are compared. */
  public enum StyleLoss {
    MEAN_SQUARES,
    GATYS,
    MEAN_PER_ELEMENT
  }

  /** What is combined if a row has several styles. */
  public enum StyleBlend {
    GRAMS,
    LOSSES
  }

  /** The form of the total variation. */
  public enum TvLoss {
    D2L,
    SQUARES,
    ABSOLUTE,
    KERAS
  }

  /** What each term is divided by. */
  public enum LossNormalization {
    NONE,
    INITIAL
  }
}
