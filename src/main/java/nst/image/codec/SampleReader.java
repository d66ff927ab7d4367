package nst.image.codec;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.format.TiffPage.Alpha;

/**
 * Converts the result of a reader to planes of sRGB: any depth, grey or palette, with or without
 * alpha.
 *
 * <p>It reads the samples as stored in the file. {@code BufferedImage.getRGB} treats grey as linear
 * light and so makes it brighter, and rounds 16 bits to 8. Transparent pixels are blended with
 * white, the usual background of such images; their opacity is kept as a plane of its own.
 */
final class SampleReader {
  /** The values of bytes. */
  private static final float[] LEVELS = levels();

  private SampleReader() {}

  private static float[] levels() {
    float[] levels = new float[1 << Byte.SIZE];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = i / 255f;
    }
    return levels;
  }

  /** The number of colour components of a pixel, after the palette is applied. */
  static int colorComponents(ColorModel model) {
    return model instanceof IndexColorModel ? 3 : model.getNumColorComponents();
  }

  /** The image of a file without a colour profile. Its colours are treated as sRGB. */
  static RgbImage toSrgb(BufferedImage image) {
    return toSrgb(image, Optional.empty(), alpha(image.getColorModel()), true);
  }

  /**
   * The image, with transparency if its colour model has it.
   *
   * @param profile the file's colour profile (ICC)
   * @param warnings receives a sentence if the profile cannot be used
   */
  static RgbImage toSrgb(BufferedImage image, Optional<byte[]> profile, List<String> warnings) {
    return toSrgb(image, profile, alpha(image.getColorModel()), warnings);
  }

  /** The same without white: transparent pixels have the colours that are stored. */
  static RgbImage toSrgbAsStored(
      BufferedImage image, Optional<byte[]> profile, List<String> warnings) {
    ColorModel model = image.getColorModel();
    return toSrgb(image, conversion(model, profile, warnings), alpha(model), false);
  }

  /**
   * The image, with the transparency that the file states, whatever the reader returns. For a
   * palette, the palette determines it.
   *
   * @param profile the file's colour profile (ICC)
   * @param warnings receives a sentence if the profile cannot be used
   */
  static RgbImage toSrgb(
      BufferedImage image, Optional<byte[]> profile, Optional<Alpha> alpha, List<String> warnings) {
    return toSrgb(image, conversion(image.getColorModel(), profile, warnings), alpha, true);
  }

  private static Optional<IccConversion> conversion(
      ColorModel model, Optional<byte[]> profile, List<String> warnings) {
    return profile.flatMap(icc -> IccConversion.of(icc, colorComponents(model), warnings));
  }

  private static Optional<Alpha> alpha(ColorModel model) {
    return model.hasAlpha()
        ? Optional.of(new Alpha(colorComponents(model), model.isAlphaPremultiplied()))
        : Optional.empty();
  }

  private static RgbImage toSrgb(
      BufferedImage image,
      Optional<IccConversion> conversion,
      Optional<Alpha> alpha,
      boolean onWhite) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[] planes = new float[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    ColorModel model = image.getColorModel();
    int components = colorComponents(model);
    float[] colors = new float[components * width];
    float[] alphas = new float[width];
    Optional<float[]> opacity = Optional.empty();
    for (int y = 0; y < height; y++) {
      if (model instanceof IndexColorModel palette) {
        lookUp(image.getRaster(), palette, y, colors, alphas);
      } else {
        readSamples(image.getRaster(), model, alpha, y, colors, alphas);
      }
      float[] row = conversion.isPresent() ? conversion.get().toSrgb(colors) : colors;
      boolean isGrey = row.length == width;
      for (int channel = 0; channel < 3; channel++) {
        int to = (channel * height + y) * width;
        for (int x = 0; x < width; x++) {
          float color = row[isGrey ? x : 3 * x + channel];
          float shown = alphas[x] == 1 || !onWhite ? color : color * alphas[x] + 1 - alphas[x];
          planes[to + x] = Rounding.clamped(shown);
        }
      }
      opacity = withRow(opacity, alphas, y, height);
    }
    return new RgbImage(width, height, planes).withAlpha(opacity);
  }

  /** Adds a row to the opacity, which begins with the first row that is not opaque. */
  private static Optional<float[]> withRow(
      Optional<float[]> opacity, float[] alphas, int y, int height) {
    Optional<float[]> rows = opacity;
    for (int x = 0; x < alphas.length && rows.isEmpty(); x++) {
      if (alphas[x] < 1) {
        float[] opaque = new float[alphas.length * height];
        Arrays.fill(opaque, 1);
        rows = Optional.of(opaque);
      }
    }
    rows.ifPresent(
        plane -> {
          for (int x = 0; x < alphas.length; x++) {
            plane[y * alphas.length + x] = Rounding.clamped(alphas[x]);
          }
        });
    return rows;
  }

  private static void lookUp(
      Raster raster, IndexColorModel palette, int y, float[] colors, float[] alphas) {
    int[] indices = raster.getSamples(0, y, alphas.length, 1, 0, (int[]) null);
    for (int x = 0; x < alphas.length; x++) {
      int index = Math.min(indices[x], palette.getMapSize() - 1);
      colors[3 * x] = palette.getRed(index) / 255f;
      colors[3 * x + 1] = palette.getGreen(index) / 255f;
      colors[3 * x + 2] = palette.getBlue(index) / 255f;
      alphas[x] = palette.getAlpha(index) / 255f;
    }
  }

  private static void readSamples(
      Raster raster,
      ColorModel model,
      Optional<Alpha> alpha,
      int y,
      float[] colors,
      float[] alphas) {
    int bands = raster.getNumBands();
    int components = colors.length / alphas.length;
    int opacity = alpha.map(Alpha::sample).filter(sample -> sample < bands).orElse(-1);
    boolean isPremultiplied = opacity >= 0 && alpha.orElseThrow().isPremultiplied();
    if (opacity < 0 && isBytes(raster, model)) {
      readBytes(raster, y, components, colors);
      Arrays.fill(alphas, 1);
      return;
    }
    float[] samples = raster.getPixels(0, y, alphas.length, 1, (float[]) null);
    makeUnsigned(samples, model);
    float[] largest = new float[bands];
    for (int band = 0; band < bands; band++) {
      largest[band] = largest(model, band);
    }
    for (int x = 0; x < alphas.length; x++) {
      alphas[x] = opacity < 0 ? 1 : samples[x * bands + opacity] / largest[opacity];
      float divisor = isPremultiplied && alphas[x] > 0 ? alphas[x] : 1;
      for (int component = 0; component < components; component++) {
        colors[x * components + component] =
            samples[x * bands + component] / largest[component] / divisor;
      }
    }
  }

  private static boolean isBytes(Raster raster, ColorModel model) {
    return raster.getSampleModel() instanceof ComponentSampleModel
        && raster.getTransferType() == DataBuffer.TYPE_BYTE
        && IntStream.of(model.getComponentSize()).allMatch(bits -> bits == Byte.SIZE);
  }

  /** The samples of most photos, in a tenth of the time. */
  private static void readBytes(Raster raster, int y, int components, float[] colors) {
    byte[] samples = (byte[]) raster.getDataElements(0, y, raster.getWidth(), 1, null);
    int bands = raster.getNumBands();
    for (int i = 0, pixel = 0; i < colors.length; i += components, pixel += bands) {
      for (int component = 0; component < components; component++) {
        colors[i + component] = LEVELS[samples[pixel + component] & 0xFF];
      }
    }
  }

  /** Samples of 32 bits are unsigned, while Java's int is signed. */
  private static void makeUnsigned(float[] samples, ColorModel model) {
    if (model.getTransferType() == DataBuffer.TYPE_INT && model.getComponentSize(0) == 32) {
      for (int i = 0; i < samples.length; i++) {
        samples[i] += samples[i] < 0 ? 0x1p32f : 0;
      }
    }
  }

  private static float largest(ColorModel model, int band) {
    boolean isReal =
        model.getTransferType() == DataBuffer.TYPE_FLOAT
            || model.getTransferType() == DataBuffer.TYPE_DOUBLE;
    return isReal ? 1 : (1L << model.getComponentSize(band)) - 1;
  }
}
