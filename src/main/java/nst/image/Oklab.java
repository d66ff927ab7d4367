package nst.image;

/**
 * OkLab (Ottosson 2020, "A perceptual color space for image processing"): L in [0, 1], a and b in
 * about [-0.4, 0.4]. Converts from and to linear sRGB.
 */
record Oklab(double lightness, double a, double b) {

  static Oklab ofSrgb(double red, double green, double blue) {
    double r = Srgb.toLinear(red);
    double g = Srgb.toLinear(green);
    double bl = Srgb.toLinear(blue);
    double l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * bl);
    double m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * bl);
    double s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * bl);
    return new Oklab(
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
  }

  /**
   * Linear light as (red, green, blue). Values are outside [0, 1] if the colour is outside sRGB.
   */
  double[] toLinearSrgb() {
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  /** The colour with the same lightness and hue, and the chroma multiplied by {@code share}. */
  Oklab withChroma(double share) {
    return new Oklab(lightness, a * share, b * share);
  }

  private static double cube(double x) {
    return x * x * x;
  }
}
