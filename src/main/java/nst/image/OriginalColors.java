package nst.image;

/**
 * Puts the photo's colours under the stylised image's luminance (Gatys et al. 2016, "Preserving
 * Color in Neural Artistic Style Transfer", section 4).
 *
 * <p>A colour that does not exist at the new luminance is greyed until it does: clamping its
 * channels instead would move the luminance, which is all that the style has left here. The photo
 * is resized where the sizes differ.
 */
public final class OriginalColors {
  /** Colours this close to the edge of sRGB are in it: the two matrices are inverse to 1e-7. */
  private static final double GAMUT_SLACK = 1e-6;

  private static final int BISECTIONS = 12; // chroma to 1/4096, finer than 8 bits show

  private OriginalColors() {}

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
     * @param light encoded (red, green, blue) that gives the luminance
     * @param color encoded (red, green, blue) that gives the colour; takes the result
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

  /** With Cb and Cr kept, every channel keeps its distance from Y: the grey axis plus an offset. */
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
