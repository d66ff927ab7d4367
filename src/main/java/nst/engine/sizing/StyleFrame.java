package nst.engine.sizing;

import nst.image.Mask;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.SizeChoices.StyleFit;

/**
 * The size to which a style image is scaled, cropped or padded for a photo.
 *
 * @param full its size for the photo at full size
 * @param size its size for the photo at one scale
 */
public record StyleFrame(StyleFit fit, Size full, Size size) {

  /**
   * The frame of a style at one scale.
   *
   * @param style the image's own size
   * @param working the photo's full size
   * @param scale the photo's size at the scale
   */
  public static StyleFrame of(
      Size style, Size working, Size scale, Hyperparameters hyperparameters) {
    Size full = Sizing.style(style, working, hyperparameters);
    Size size = full.times(scale.longest() / (double) working.longest());
    return new StyleFrame(hyperparameters.styleFit(), full, size);
  }

  /** Fits a style image into this frame. */
  public RgbImage framed(RgbImage image) {
    return switch (fit) {
      case SCALE -> Resampler.resize(image, size.width(), size.height());
      case CROP -> cropped(image);
      case PAD ->
          Resampler.resize(
              Resampler.centerPad(image, full.width(), full.height()), size.width(), size.height());
    };
  }

  /**
   * Fits the mask of a style into this frame. If it is cropped, it is first resized to the size of
   * the style.
   *
   * @param style the image that the mask belongs to, before it is fitted
   */
  public Mask framedMask(RgbImage mask, RgbImage style) {
    return Mask.of(
        framed(
            fit == StyleFit.SCALE ? mask : Resampler.resize(mask, style.width(), style.height())));
  }

  private RgbImage cropped(RgbImage image) {
    // Large enough to cover the frame, so that the crop needs no padding.
    Size natural = new Size(image.width(), image.height());
    double cover =
        Math.max(size.width() / (double) image.width(), size.height() / (double) image.height());
    Size covering = natural.times(cover);
    RgbImage large =
        Resampler.resize(
            image,
            Math.max(size.width(), covering.width()),
            Math.max(size.height(), covering.height()));
    return Resampler.centerCrop(large, size.width(), size.height());
  }
}
