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

/** Converts from the colour space of a profile to sRGB, with 16 bits of precision. */
final class IccConversion {
  private static final float LARGEST = 65535;

  private final ColorConvertOp convert;
  private final int components;

  private IccConversion(ICC_Profile profile, int components) {
    this.components = components;
    this.convert =
        new ColorConvertOp(
            new ICC_Profile[] {profile, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
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
      IccConversion conversion = new IccConversion(profile, components);
      conversion.toSrgb(new float[components]); // some profiles fail only when they are used
      return Optional.of(conversion);
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
    WritableRaster source =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, count, 1, components, null);
    short[] samples = ((DataBufferUShort) source.getDataBuffer()).getData();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) Math.round(Math.min(1, Math.max(0, pixels[i])) * LARGEST);
    }
    WritableRaster target =
        Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, count, 1, 3, null);
    convert.filter(source, target);
    short[] converted = ((DataBufferUShort) target.getDataBuffer()).getData();
    float[] rgb = new float[3 * count];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (converted[i] & 0xFFFF) / LARGEST;
    }
    return rgb;
  }
}
