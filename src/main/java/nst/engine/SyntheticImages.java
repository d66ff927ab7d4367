package nst.engine;

import java.util.List;
import java.util.Optional;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.image.RgbImage;
import nst.image.Size;

/** A photo and a painting of any size, for work whose picture nobody looks at. */
final class SyntheticImages {
  private SyntheticImages() {}

  /** A gradient as the photo, and stripes as the painting. */
  static SourceImages of(Size size) {
    float[] ramp = new float[Math.toIntExact(3 * size.area())];
    float[] stripes = new float[ramp.length];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (float) i / ramp.length;
      stripes[i] = i % 2;
    }
    StyleImage style =
        new StyleImage(image(size, stripes), 1, Optional.empty(), Optional.empty(), "stripes");
    return new SourceImages(image(size, ramp), List.of(style), Optional.empty());
  }

  private static RgbImage image(Size size, float[] planes) {
    return new RgbImage(size.width(), size.height(), planes);
  }
}
