package nst.image.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Reads files with ImageIO's readers. Some readers decode damaged parts as grey with a warning;
 * here this is an error.
 */
final class ImageIo {
  /** A call on a reader with its input. */
  interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private ImageIo() {}

  /** The size and format of a page, from its header. Warnings of the reader are ignored. */
  static ImageHeader header(byte[] file, ImageFormat format, int page) throws IOException {
    return read(
        file,
        format,
        (source, warning) -> {},
        reader -> new ImageHeader(reader.getWidth(page), reader.getHeight(page), format));
  }

  /**
   * Reads from a file.
   *
   * @param warnings receives the warnings of the reader, except those about damage
   * @throws TransferException CORRUPT_IMAGE if the reader warns that pixels were invented
   */
  static <T> T read(byte[] file, ImageFormat format, List<String> warnings, Reading<T> reading)
      throws IOException {
    List<String> damages = new ArrayList<>();
    T result =
        read(
            file,
            format,
            (source, warning) -> (isDamage(warning) ? damages : warnings).add(warning),
            reading);
    if (!damages.isEmpty()) {
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE, "Corrupt " + format + ": " + damages.get(0));
    }
    return result;
  }

  private static <T> T read(
      byte[] file, ImageFormat format, IIOReadWarningListener listener, Reading<T> reading)
      throws IOException {
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      ImageReader reader = ImageReaders.reader(format);
      try {
        reader.addIIOReadWarningListener(listener);
        reader.setInput(input, false, true);
        return reading.from(reader);
      } finally {
        reader.dispose();
      }
    }
  }

  /** The warnings of libjpeg about invented pixels. */
  private static boolean isDamage(String warning) {
    String sentence = warning.toLowerCase(Locale.ROOT);
    return !sentence.contains("extraneous bytes")
        && (sentence.contains("corrupt")
            || sentence.contains("premature")
            || sentence.contains("truncated"));
  }
}
