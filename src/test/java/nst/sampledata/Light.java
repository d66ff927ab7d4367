package nst.sampledata;

/** Linear light: sRGB's primaries, 1 for the white of paper, more for lamps and sky. */
record Light(double red, double green, double blue) {
  static final Light BLACK = new Light(0, 0, 0);

  /** A colour as designers write it: {@code 0xE0A040}. */
  static Light of(int hex) {
    return new Light(linear(hex >> 16 & 0xFF), linear(hex >> 8 & 0xFF), linear(hex & 0xFF));
  }

  Light plus(Light other) {
    return new Light(red + other.red, green + other.green, blue + other.blue);
  }

  Light times(double factor) {
    return new Light(red * factor, green * factor, blue * factor);
  }

  Light times(Light filter) {
    return new Light(red * filter.red, green * filter.green, blue * filter.blue);
  }

  /** This at 0, the other at 1, clamped. */
  Light mix(Light other, double share) {
    double s = Curves.clamp(share);
    return new Light(
        red + (other.red - red) * s,
        green + (other.green - green) * s,
        blue + (other.blue - blue) * s);
  }

  double luminance() {
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  private static double linear(int level) {
    double encoded = level / 255.0;
    return encoded <= 0.04045 ? encoded / 12.92 : StrictMath.pow((encoded + 0.055) / 1.055, 2.4);
  }
}
