package nst.image;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A photo at the sizes at which it is used.
 *
 * <p>Reducing a photo of 24 megapixels takes longer than a GPU needs for a picture of 512 px. So
 * the sizes can be made earlier, on another thread, and the large image need not be kept.
 */
public final class Photo {
  private final Size size;
  private final Map<Size, RgbImage> resized;
  private final Optional<Palette> palette;
  private final Optional<RgbImage> whole;

  private Photo(
      Size size, Map<Size, RgbImage> resized, Optional<Palette> palette, Optional<RgbImage> whole) {
    this.size = size;
    this.resized = Map.copyOf(resized);
    this.palette = palette;
    this.whole = whole;
  }

  /** A photo that is resized when a size is asked for. */
  public static Photo of(RgbImage whole) {
    return new Photo(
        new Size(whole.width(), whole.height()), Map.of(), Optional.empty(), Optional.of(whole));
  }

  /**
   * A photo that was resized before.
   *
   * @param size the photo's size
   * @param resized all sizes that {@link #at} is asked for
   * @param palette its colours, if {@link #palette()} is asked for
   */
  public static Photo of(Size size, Map<Size, RgbImage> resized, Optional<Palette> palette) {
    return new Photo(size, resized, palette, Optional.empty());
  }

  /** The same photo with its image. */
  public Photo with(RgbImage image) {
    return new Photo(size, resized, palette, Optional.of(image));
  }

  /** The photo's own size. */
  public Size size() {
    return size;
  }

  /**
   * The photo in another size, see {@link Resampler#resize}.
   *
   * @throws IllegalStateException if it was resized before, and not to this size
   */
  public RgbImage at(Size other) {
    RgbImage made = resized.get(other);
    return made == null ? Resampler.resize(whole(), other.width(), other.height()) : made;
  }

  /**
   * The colours of the whole photo.
   *
   * @throws IllegalStateException if the photo was resized before, without its colours
   */
  public Palette palette() {
    return palette.orElseGet(() -> whole().palette());
  }

  /**
   * The photo in its own size.
   *
   * @throws IllegalStateException if it was resized before and not kept
   */
  public RgbImage whole() {
    return whole.orElseThrow(
        () ->
            new IllegalStateException(
                "expected a photo that was kept, was one with the sizes " + resized.keySet()));
  }

  /** Whether the photo has transparent pixels. */
  public boolean hasAlpha() {
    return Stream.concat(whole.stream(), resized.values().stream())
        .anyMatch(image -> image.alpha().isPresent());
  }

  /** Bytes of heap for the images. */
  public long bytes() {
    return whole.map(RgbImage::bytes).orElse(0L)
        + resized.values().stream().mapToLong(RgbImage::bytes).sum();
  }
}
