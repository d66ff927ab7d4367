package nst.engine.source;

import java.util.Optional;
import nst.image.RgbImage;

/**
 * A style image and its weight.
 *
 * @param image at any size
 * @param weight positive
 * @param mask in content space, white where the style applies; any size
 * @param styleMask in style space, white where the style is taken from; any size
 * @param identity equal only for the same image and style mask, for example their digests. Images
 *     with the same identity share their targets
 */
public record StyleImage(
    RgbImage image,
    double weight,
    Optional<RgbImage> mask,
    Optional<RgbImage> styleMask,
    String identity) {}
