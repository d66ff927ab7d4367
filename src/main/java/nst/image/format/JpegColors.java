package nst.image.format;

import java.util.List;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * The colour space of a JPEG. Three places in a file can state it and may contradict each other.
 * The order of precedence is that of libjpeg ({@code default_decompress_parms}), with which writers
 * are tested.
 */
public enum JpegColors {
  GRAY(Optional.empty()),
  YCBCR(Optional.of(1)),
  RGB(Optional.of(0)),
  CMYK(Optional.of(0)),
  YCCK(Optional.of(2));

  private final Optional<Integer> adobeTransform;

  JpegColors(Optional<Integer> adobeTransform) {
    this.adobeTransform = adobeTransform;
  }

  /** The transform in Adobe's segment; empty if no segment is needed. */
  public Optional<Integer> adobeTransform() {
    return adobeTransform;
  }

  /**
   * Determines the colour space of a file.
   *
   * @throws TransferException UNSUPPORTED_FORMAT if the number of components is not 1, 3 or 4, or
   *     if nothing states the meaning of four components
   */
  public static JpegColors of(JpegSegments segments) {
    JpegSegments.Frame frame = segments.frame();
    return switch (frame.components()) {
      case 1 -> GRAY;
      case 3 -> ofThree(segments, frame.identifiers());
      case 4 -> ofFour(segments);
      default ->
          throw new TransferException(
              ErrorCode.UNSUPPORTED_FORMAT,
              "Unsupported image: expected a JPEG of 1, 3 or 4 components, was of "
                  + frame.components());
    };
  }

  private static JpegColors ofThree(JpegSegments segments, List<Integer> identifiers) {
    if (segments.isJfif()) {
      return YCBCR; // whatever Adobe's segment says
    }
    Optional<Integer> adobe = segments.adobeTransform();
    boolean isRgb =
        adobe.isPresent()
            ? adobe.get() == 0
            : identifiers.equals(List.of((int) 'R', (int) 'G', (int) 'B'));
    return isRgb ? RGB : YCBCR;
  }

  /**
   * Adobe's programs write inverted inks, as CMYK or YCCK, and state which. A file without their
   * segment may have inks that are inverted or not, and a wrong guess would give a negative.
   */
  private static JpegColors ofFour(JpegSegments segments) {
    int transform = segments.adobeTransform().orElse(-1);
    return switch (transform) {
      case 0 -> CMYK;
      case 2 -> YCCK;
      default ->
          throw new TransferException(
              ErrorCode.UNSUPPORTED_FORMAT,
              "Unsupported image: a JPEG of four components needs Adobe's segment to say what they"
                  + " are, found "
                  + (transform < 0 ? "none" : "transform " + transform)
                  + "; save it as RGB");
    };
  }
}
