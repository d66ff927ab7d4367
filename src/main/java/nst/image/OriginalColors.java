package nst.image;

import nst.model.knob.OutputChoices.ColorPreservation;

/**
 * Combines the colours of the photo with the luminance of the stylised image (Gatys et al. 2016,
 * "Preserving Color in Neural Artistic Style Transfer", section 4).
 *
 * <p>If a colour does not exist at the new luminance, its chroma is reduced until it does. Clamping
 * the channels would change the luminance, which carries the style. If the sizes differ, the photo
 * is resized.
 */
public final class OriginalColors {
  /**
   * Colours that are outside sRGB by no more than this count as inside, because the two matrices
   * are inverse only to 1e-7.
   */
  private static final double GAMUT_SLACK = 1e-6;

  private static final int BISECTIONS = 12; // chroma to 1/4096, finer than 8 bits can show

  private OriginalColors() {}

  /**
   * The stylised image in the colours that are asked for. {@code MATCH} changes the style before
   * the optimisation, and not its result.
   */
  public static RgbImage of(ColorPreservation preservation, RgbImage stylized, RgbImage content) {
    return switch (preservation) {
      case NONE, MATCH -> stylized;
      case LUMINANCE_YCBCR -> luminanceYcbcr(stylized, content);
      case LUMINANCE_OKLAB -> luminanceOklab(stylized, content);
    };
  }

  /**
   * Y of the stylised image, Cb and Cr of the content (ITU-R BT.601, full range, on encoded
   * values).
   */
  public static RgbImage luminanceYcbcr(RgbImage stylized, RgbImage content) {
    return merged(stylized, content, OriginalColors::ycbcr);
  }

  /** L of the stylised image, a and b of the content, in {@link Oklab}: perceived lightness. */
  public static RgbImage luminanceOklab(RgbImage stylized, RgbImage content) {
    return merged(stylized, content, OriginalColors::oklab);
  }

  private interface PixelMerge {
    /**
     * @param light the luminance, as encoded (red, green, blue)
     * @param color the colour, as encoded (red, green, blue); overwritten with the result
     */
    void merge(double[] light, double[] color);
  }

  private static RgbImage merged(RgbImage stylized, RgbImage content, PixelMerge pixelMerge) {
    float[] lights = stylized.planes();
    float[] colors = Resampler.resize(content, stylized.width(), stylized.height()).planes();
    int area = stylized.width() * stylized.height();
    float[] merged = new float[lights.length];
    double[] light = new double[3];
    double[] color = new double[3];
    for (int i = 0; i < area; i++) {
      for (int channel = 0; channel < 3; channel++) {
        light[channel] = clamp(lights[channel * area + i]);
        color[channel] = clamp(colors[channel * area + i]);
      }
      pixelMerge.merge(light, color);
      for (int channel = 0; channel < 3; channel++) {
        merged[channel * area + i] = (float) clamp(color[channel]);
      }
    }
    return new RgbImage(stylized.width(), stylized.height(), merged);
  }

  /** If Cb and Cr stay the same, the difference of each channel from Y stays the same. */
  private static void ycbcr(double[] light, double[] color) {
    double y = luma(light);
    double contentY = luma(color);
    double share = 1;
    for (double channel : color) {
      double offset = channel - contentY;
      if (y + offset > 1) {
        share = Math.min(share, (1 - y) / offset);
      } else if (y + offset < 0) {
        share = Math.min(share, -y / offset);
      }
    }
    for (int channel = 0; channel < 3; channel++) {
      color[channel] = y + share * (color[channel] - contentY);
    }
  }

  private static double luma(double[] rgb) {
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
  }

  private static void oklab(double[] light, double[] color) {
    double lightness = Oklab.ofSrgb(light[0], light[1], light[2]).lightness();
    Oklab original = Oklab.ofSrgb(color[0], color[1], color[2]);
    Oklab wanted = new Oklab(lightness, original.a(), original.b());
    double[] linear = wanted.toLinearSrgb();
    if (!isInGamut(linear)) {
      double inside = 0;
      double outside = 1;
      for (int step = 0; step < BISECTIONS; step++) {
        double middle = (inside + outside) / 2;
        if (isInGamut(wanted.withChroma(middle).toLinearSrgb())) {
          inside = middle;
        } else {
          outside = middle;
        }
      }
      linear = wanted.withChroma(inside).toLinearSrgb();
    }
    for (int channel = 0; channel < 3; channel++) {
      color[channel] = Srgb.toEncoded(clamp(linear[channel]));
    }
  }

  private static boolean isInGamut(double[] linear) {
    for (double channel : linear) {
      if (channel < -GAMUT_SLACK || channel > 1 + GAMUT_SLACK) {
        return false;
      }
    }
    return true;
  }

  private static double clamp(double value) {
    return Math.min(1, Math.max(0, value));
  }
}
