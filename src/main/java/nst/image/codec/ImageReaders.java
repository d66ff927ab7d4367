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
 * The reader or writer of each format, by name and not by ImageIO's scan of the class path: a fat
 * jar merges away META-INF/services, and Spark's class loader of user jars is not the one that
 * ImageIO scans. Which reader decodes a photo must not depend on how the job was packed.
 */
final class ImageReaders {
  private static final ImageReaderSpi JPEG = jpeg();

  static {
    ImageIO.setUseCache(false); // bytes are in memory already; executors' disks are small
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
    // It wraps the platform's decoder, which it looks up when told of a registry.
    provider.onRegistration(IIORegistry.getDefaultInstance(), ImageReaderSpi.class);
    return provider;
  }

  /** The JDK's own provider: always registered, whatever else the class path brings. */
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
