package nst.image.codec;

import java.awt.image.Raster;
import java.util.List;
import java.util.Optional;
import nst.image.RgbImage;
import nst.image.format.JpegColors;
import nst.image.format.JpegSegments;

/**
 * Decodes JPEG with four inks, for printing. The inks are inverted, as Adobe's programs write them.
 */
final class CmykJpeg {
  private CmykJpeg() {}

  /**
   * Decodes a JPEG of four components.
   *
   * @param raster the four components as stored, with 8 bits
   * @param colors CMYK or YCCK
   * @param warnings receives a sentence if no profile defines the colours of the inks
   */
  static RgbImage toSrgb(
      Raster raster, JpegColors colors, JpegSegments segments, List<String> warnings) {
    Optional<IccConversion> conversion =
        segments.iccProfile(warnings).flatMap(profile -> IccConversion.of(profile, 4, warnings));
    if (conversion.isEmpty()) {
      warnings.add("CMYK without a usable colour profile: converted by formula");
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    float[] planes = new float[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    int[] samples = new int[4 * width];
    float[] inks = new float[4 * width];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, samples);
      for (int x = 0; x < width; x++) {
        readInks(samples, inks, 4 * x, colors);
      }
      float[] rgb = conversion.isPresent() ? conversion.get().toSrgb(inks) : byFormula(inks);
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < 3; channel++) {
          planes[(channel * height + y) * width + x] = rgb[3 * x + channel];
        }
      }
    }
    return new RgbImage(width, height, planes);
  }

  /** The inks in [0, 1], where 1 is full coverage. */
  private static void readInks(int[] samples, float[] inks, int at, JpegColors colors) {
    float first = samples[at];
    float second = samples[at + 1];
    float third = samples[at + 2];
    if (colors == JpegColors.YCCK) { // YCbCr of the complement of the colours, as in libjpeg
      float cb = second - 128;
      float cr = third - 128;
      second = 255 - (first - 0.344136f * cb - 0.714136f * cr);
      third = 255 - (first + 1.772f * cb);
      first = 255 - (first + 1.402f * cr);
    }
    inks[at] = ink(first);
    inks[at + 1] = ink(second);
    inks[at + 2] = ink(third);
    inks[at + 3] = ink(samples[at + 3]);
  }

  private static float ink(float inverted) {
    return 1 - Math.min(255, Math.max(0, inverted)) / 255;
  }

  private static float[] byFormula(float[] inks) {
    float[] rgb = new float[inks.length / 4 * 3];
    for (int i = 0; i < inks.length / 4; i++) {
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * i + channel] = (1 - inks[4 * i + channel]) * (1 - inks[4 * i + 3]);
      }
    }
    return rgb;
  }
}
