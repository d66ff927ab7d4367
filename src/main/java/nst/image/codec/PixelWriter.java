package nst.image.codec;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    return write(image, ImageFormat.PNG, 0);
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
    return write(image, ImageFormat.JPEG, quality);
  }

  private static byte[] write(RgbImage image, ImageFormat format, int quality) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriter writer = ImageReaders.writer(format);
      try {
        writer.setOutput(output);
        BufferedImage rounded = rounded(image);
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
    int area = image.width() * image.height();
    for (int i = 0; i < area; i++) {
      for (int channel = 0; channel < 3; channel++) {
        levels[3 * i + 2 - channel] = (byte) Rounding.toLevel(image.planes()[channel * area + i]);
      }
    }
    return rounded;
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
