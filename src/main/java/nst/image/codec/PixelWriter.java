package nst.image.codec;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.format.ImageFormat;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Encodes an image to PNG and JPEG files without metadata, rounded by {@link Rounding}. */
public final class PixelWriter {
  private static final String JPEG_METADATA = "javax_imageio_jpeg_image_1.0";

  /**
   * From this quality, colour is stored for every pixel (4:4:4); below it, for every fourth
   * (4:2:0), because block artifacts hide the difference. Brush strokes have more edges between
   * saturated colours than photos.
   */
  private static final int FULL_COLOR_QUALITY = 90;

  private PixelWriter() {}

  public static byte[] png(RgbImage image) {
    return png(image, 8);
  }

  /**
   * A PNG with the image's alpha, if it has transparent pixels.
   *
   * @param bits 8 or 16, for each channel
   */
  public static byte[] png(RgbImage image, int bits) {
    Optional<float[]> alpha = Rounding.alpha(image, bits);
    boolean isPlain = bits == 8 && alpha.isEmpty();
    return write(isPlain ? rounded(image) : rounded(image, alpha, bits), ImageFormat.PNG, 0);
  }

  /**
   * A JFIF file.
   *
   * @param quality 1 to 100, on libjpeg's scale
   */
  public static byte[] jpeg(RgbImage image, int quality) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("Invalid jpeg_quality: expected 1 to 100, was " + quality);
    }
    return write(rounded(image), ImageFormat.JPEG, quality);
  }

  private static byte[] write(BufferedImage rounded, ImageFormat format, int quality) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriter writer = ImageReaders.writer(format);
      try {
        writer.setOutput(output);
        ImageWriteParam param = writer.getDefaultWriteParam();
        if (format == ImageFormat.JPEG) {
          param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
          param.setCompressionQuality(quality / 100f);
        }
        IIOMetadata metadata =
            writer.getDefaultImageMetadata(
                ImageTypeSpecifier.createFromRenderedImage(rounded), param);
        if (format == ImageFormat.JPEG && quality >= FULL_COLOR_QUALITY) {
          keepColorAtEveryPixel(metadata);
        }
        writer.write(null, new IIOImage(rounded, null, metadata), param);
      } finally {
        writer.dispose();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static BufferedImage rounded(RgbImage image) {
    BufferedImage rounded =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] levels = ((DataBufferByte) rounded.getRaster().getDataBuffer()).getData();
    float[] planes = image.planes();
    int area = image.width() * image.height();
    for (int channel = 0; channel < 3; channel++) {
      int blueFirst = 2 - channel;
      for (int i = 0; i < area; i++) {
        levels[3 * i + blueFirst] = (byte) Rounding.toLevel(planes[channel * area + i]);
      }
    }
    return rounded;
  }

  /** The image with red, green, blue and, if there is one, alpha, which does not scale them. */
  private static BufferedImage rounded(RgbImage image, Optional<float[]> alpha, int bits) {
    int width = image.width();
    int area = width * image.height();
    int bands = alpha.isPresent() ? 4 : 3;
    int type = bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT;
    WritableRaster raster =
        Raster.createInterleavedRaster(type, width, image.height(), bands, null);
    int[] row = new int[bands * width];
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        for (int channel = 0; channel < 3; channel++) {
          row[bands * x + channel] = Rounding.toLevel(image.planes()[channel * area + at], bits);
        }
        if (alpha.isPresent()) {
          row[bands * x + 3] = Rounding.toLevel(alpha.get()[at], bits);
        }
      }
      raster.setPixels(0, y, width, 1, row);
    }
    ComponentColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            alpha.isPresent(),
            false,
            alpha.isPresent() ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            type);
    return new BufferedImage(colors, raster, false, null);
  }

  private static void keepColorAtEveryPixel(IIOMetadata metadata) throws IIOInvalidTreeException {
    Node root = metadata.getAsTree(JPEG_METADATA);
    NodeList components = ((Element) root).getElementsByTagName("componentSpec");
    for (int i = 0; i < components.getLength(); i++) {
      Element component = (Element) components.item(i);
      component.setAttribute("HsamplingFactor", "1");
      component.setAttribute("VsamplingFactor", "1");
    }
    metadata.setFromTree(JPEG_METADATA, root);
  }
}
