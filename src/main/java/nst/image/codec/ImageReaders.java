package nst.image.codec;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.IIOServiceProvider;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageReaderWriterSpi;
import javax.imageio.spi.ImageWriterSpi;
import nst.image.format.ImageFormat;

/**
 * The reader or writer of each format. They are created by name and not found by ImageIO's scan of
 * the class path. A shaded jar may lose META-INF/services, and ImageIO does not scan Spark's class
 * loader for user jars. The reader of a photo must not depend on the packaging.
 */
final class ImageReaders {
  private static final ImageReaderSpi JPEG = jpeg();

  static {
    ImageIO.setUseCache(
        false); // the bytes are already in memory, and the disks of executors are small
  }

  private ImageReaders() {}

  static ImageReader reader(ImageFormat format) throws IOException {
    return switch (format) {
      case JPEG -> JPEG.createReaderInstance();
      case PNG, GIF, BMP ->
          ofThePlatform(ImageReaderSpi.class, format.name()).createReaderInstance();
      case TIFF -> new TIFFImageReaderSpi().createReaderInstance();
      case WEBP -> throw new IllegalArgumentException("WebP is read by WebpDecoder");
    };
  }

  static ImageWriter writer(ImageFormat format) throws IOException {
    return ofThePlatform(ImageWriterSpi.class, format.name()).createWriterInstance();
  }

  private static ImageReaderSpi jpeg() {
    JPEGImageReaderSpi provider = new JPEGImageReaderSpi();
    // It wraps the platform's decoder, which it finds when it is registered.
    provider.onRegistration(IIORegistry.getDefaultInstance(), ImageReaderSpi.class);
    return provider;
  }

  /** The JDK's provider. It is always registered, whatever is on the class path. */
  private static <T extends ImageReaderWriterSpi> T ofThePlatform(Class<T> kind, String format) {
    Iterator<T> providers = IIORegistry.getDefaultInstance().getServiceProviders(kind, true);
    while (providers.hasNext()) {
      T provider = providers.next();
      if (isThePlatforms(provider)
          && Arrays.stream(provider.getFormatNames()).anyMatch(format::equalsIgnoreCase)) {
        return provider;
      }
    }
    throw new IllegalStateException("this JDK has no " + kind.getSimpleName() + " for " + format);
  }

  private static boolean isThePlatforms(IIOServiceProvider provider) {
    return ImageIO.class.getModule().equals(provider.getClass().getModule());
  }
}
