package nst.engine.stylenetwork;

import java.util.List;
import nst.engine.source.StyleImage;

/**
 * What one look of a style network is trained for.
 *
 * @param styles a painting, or several that are blended
 * @param imageSize the longest side of the pictures that the look is for, in pixels. It sets the
 *     size of the paintings, and with it that of the strokes
 */
public record TrainingLook(List<StyleImage> styles, int imageSize) {
  public TrainingLook {
    styles = List.copyOf(styles);
  }
}
