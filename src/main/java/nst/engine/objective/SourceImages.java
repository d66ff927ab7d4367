package nst.engine.objective;

import java.util.List;
import java.util.Optional;
import nst.image.RgbImage;

/**
 * The decoded inputs of one image.
 *
 * @param content the photo, at any size
 * @param styles at least one; their weights need not add up to 1
 * @param init the start image, for {@code init=image}
 */
public record SourceImages(RgbImage content, List<StyleImage> styles, Optional<RgbImage> init) {
  public SourceImages {
    styles = List.copyOf(styles);
    if (styles.isEmpty()) {
      throw new IllegalArgumentException("expected at least one style, was none");
    }
  }
}
