package nst.engine.source;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import nst.image.Photo;
import nst.image.RgbImage;
import nst.model.text.Sha256;

/**
 * The decoded inputs of one image.
 *
 * @param content the photo
 * @param styles at least one; their weights need not add up to 1
 * @param init the start image, for {@code init=image}
 */
public record SourceImages(Photo content, List<StyleImage> styles, Optional<RgbImage> init) {
  public SourceImages {
    styles = List.copyOf(styles);
    if (styles.isEmpty()) {
      throw new IllegalArgumentException("expected at least one style, was none");
    }
  }

  /** The same for a photo that is resized when a size is needed. */
  public SourceImages(RgbImage content, List<StyleImage> styles, Optional<RgbImage> init) {
    this(Photo.of(content), styles, init);
  }

  /** A photo and one painting, without masks. */
  public static SourceImages of(RgbImage content, RgbImage style) {
    ByteBuffer pixels = ByteBuffer.allocate(Float.BYTES * style.planes().length);
    pixels.asFloatBuffer().put(style.planes());
    String identity = style.width() + "x" + style.height() + " " + Sha256.hex(pixels.array());
    return new SourceImages(
        content,
        List.of(new StyleImage(style, 1, Optional.empty(), Optional.empty(), identity)),
        Optional.empty());
  }
}
