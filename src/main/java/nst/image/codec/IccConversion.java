package nst.image.codec;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferUShort;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import nst.image.Rounding;

/**
 * Converts from the colour space of a profile to sRGB, with 16 bits of precision. Not thread-safe.
 *
 * <p>A conversion takes some hundred nanoseconds for a pixel, seconds for a photo, and most pixels
 * of a photo have a colour that occurred shortly before. Converted colours are therefore kept.
 */
final class IccConversion {
  private static final float LARGEST = 65535;

  private static final int SLOT_BITS = 17;

  /** Knuth's multiplicative hash: 2^64 divided by the golden ratio. */
  private static final long HASH = 0x9E3779B97F4A7C15L;

  private final ColorConvertOp convert;
  private final int components;

  /** The colour of each slot: its components of 16 bits. */
  private final long[] colors = new long[1 << SLOT_BITS];

  /** Red, green and blue of each slot's colour. */
  private final short[] converted = new short[3 << SLOT_BITS];

  private IccConversion(ICC_Profile profile, int components) {
    this.components = components;
    this.convert =
        new ColorConvertOp(
            new ICC_Profile[] {profile, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
    short[] ofZeros = convert(new short[components]); // the colour that all slots have now
    for (int slot = 0; slot < colors.length; slot++) {
      System.arraycopy(ofZeros, 0, converted, 3 * slot, 3);
    }
  }

  /**
   * The conversion for an embedded profile.
   *
   * @param components the number of components of the pixels; a profile for another number is not
   *     used
   * @param warnings receives a sentence if the profile cannot be used; the pixels are then treated
   *     as sRGB
   */
  static Optional<IccConversion> of(byte[] profile, int components, List<String> warnings) {
    try {
      return of(ICC_Profile.getInstance(profile), components, warnings);
    } catch (IllegalArgumentException e) {
      warnings.add("colour profile is damaged; colours were treated as sRGB");
      return Optional.empty();
    }
  }

  static Optional<IccConversion> of(ICC_Profile profile, int components, List<String> warnings) {
    if (profile.getNumComponents() != components) {
      warnings.add(
          "colour profile: expected one for "
              + components
              + " components, was for "
              + profile.getNumComponents()
              + "; colours were treated as sRGB");
      return Optional.empty();
    }
    try {
      return Optional.of(new IccConversion(profile, components)); // converts a pixel
    } catch (CMMException | IllegalArgumentException e) {
      warnings.add("colour profile is damaged; colours were treated as sRGB");
      return Optional.empty();
    }
  }

  /**
   * Converts pixels.
   *
   * @param pixels components in [0, 1], interleaved
   * @return red, green and blue in [0, 1], interleaved
   */
  float[] toSrgb(float[] pixels) {
    int count = pixels.length / components;
    long[] wanted = new long[count];
    int[] missing = new int[count];
    int missed = 0;
    for (int i = 0; i < count; i++) {
      wanted[i] = color(pixels, i * components);
      if (colors[slot(wanted[i])] != wanted[i]) {
        missing[missed++] = i;
      }
    }
    float[] rgb = new float[3 * count];
    for (int i = 0; i < count; i++) { // before another colour takes a slot
      copy(converted, 3 * slot(wanted[i]), rgb, 3 * i);
    }
    short[] samples = new short[missed * components];
    for (int i = 0; i < missed; i++) {
      for (int component = 0; component < components; component++) {
        int bits = Short.SIZE * (components - 1 - component); // as in color
        samples[i * components + component] = (short) (wanted[missing[i]] >>> bits);
      }
    }
    short[] found = missed == 0 ? samples : convert(samples);
    for (int i = 0; i < missed; i++) {
      int slot = slot(wanted[missing[i]]);
      colors[slot] = wanted[missing[i]];
      System.arraycopy(found, 3 * i, converted, 3 * slot, 3);
      copy(found, 3 * i, rgb, 3 * missing[i]);
    }
    return rgb;
  }

  private long color(float[] pixels, int from) {
    long color = 0;
    for (int component = 0; component < components; component++) {
      color = (color << Short.SIZE) | (sample(pixels[from + component]) & 0xFFFF);
    }
    return color;
  }

  private static short sample(float value) {
    return (short) Math.round(Rounding.clamped(value) * LARGEST);
  }

  private static int slot(long color) {
    return (int) ((color * HASH) >>> (Long.SIZE - SLOT_BITS));
  }

  private static void copy(short[] from, int at, float[] rgb, int to) {
    for (int channel = 0; channel < 3; channel++) {
      rgb[to + channel] = (from[at + channel] & 0xFFFF) / LARGEST;
    }
  }

  /** Converts interleaved samples, without the colours that are kept. */
  private short[] convert(short[] samples) {
    int count = samples.length / components;
    WritableRaster source =
        Raster.createInterleavedRaster(
            new DataBufferUShort(samples, samples.length),
            count,
            1,
            samples.length,
            components,
            IntStream.range(0, components).toArray(),
            null);
    WritableRaster target =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, count, 1, 3, null);
    convert.filter(source, target);
    return ((DataBufferUShort) target.getDataBuffer()).getData();
  }
}
