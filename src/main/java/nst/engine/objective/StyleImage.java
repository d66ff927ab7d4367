package nst.engine.objective;

import java.util.Optional;
import nst.image.RgbImage;

/**
 * A painting and its share.
 *
 * @param image at any size
 * @param weight positive
 * @param mask in content space, white where the style applies; any size
 * @param styleMask in style space, white where the style is taken from; any size
 * @param identity equal only for the same image and style mask: their digests, say. Targets are
 *     shared by it
 */
public record StyleImage(
    RgbImage image,
    double weight,
    Optional<RgbImage> mask,
    Optional<RgbImage> styleMask,
    String identity) {}
