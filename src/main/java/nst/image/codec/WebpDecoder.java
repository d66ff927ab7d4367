package nst.image.codec;

import com.luciad.imageio.webp.WebP;
import com.luciad.imageio.webp.WebPDecoderOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.Canvas;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;
import nst.image.format.WebpFile;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Decodes WebP with libwebp: the first frame, placed on the canvas. Decoders in Java use the
 * nearest chroma sample where libwebp interpolates, and their loop filter differs; see
 * docs/design.md.
 */
final class WebpDecoder implements FormatDecoder {
  private final WebpFile file;

  WebpDecoder(byte[] file) {
    this.file = WebpFile.of(file);
  }

  @Override
  public ImageHeader header() {
    Canvas canvas = file.canvas();
    return new ImageHeader(canvas.width(), canvas.height(), ImageFormat.WEBP);
  }

  @Override
  public void noteOtherFrames(List<String> warnings) {
    FormatDecoder.noteFrames(file.frames(), warnings);
  }

  @Override
  public Orientation orientation(List<String> warnings) {
    return Orientation.ofExif(file.exif(), warnings);
  }

  @Override
  public RgbImage decode(List<String> warnings) throws IOException {
    BufferedImage frame = decodeStill(file.still());
    return file.canvas().around(SampleReader.toSrgb(frame, file.iccProfile(), warnings));
  }

  /**
   * Decodes a still image.
   *
   * @param still a whole file without metadata
   * @throws IOException if libwebp rejects it
   */
  private static BufferedImage decodeStill(byte[] still) throws IOException {
    try {
      int[] said = new int[4]; // status, width, height, whether it has alpha
      int[] pixels = WebP.decode(new WebPDecoderOptions(), still, 0, still.length, said);
      BufferedImage image =
          new BufferedImage(
              said[1],
              said[2],
              said[3] == 0 ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB);
      image.getRaster().setDataElements(0, 0, said[1], said[2], pixels);
      return image;
    } catch (LinkageError e) {
      throw new TransferException(
          ErrorCode.INTERNAL,
          "WebP cannot be read on this machine: libwebp, which is unpacked to "
              + System.getProperty("java.io.tmpdir")
              + ", does not load ("
              + e
              + "). It is for Linux with glibc 2.29 or newer; set java.io.tmpdir to a folder from"
              + " which libraries may be loaded, or convert the photo to PNG",
          e);
    }
  }
}
