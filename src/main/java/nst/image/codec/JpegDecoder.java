package nst.image.codec;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;
import nst.image.format.JpegColors;
import nst.image.format.JpegSegments;
import nst.model.ErrorCode;
import nst.model.TransferException;

/** Decodes JPEG with 8 bits and Huffman coding, in grey, RGB or four inks. */
final class JpegDecoder implements FormatDecoder {
  /**
   * The largest number of scans. Progressive files have about ten; each is a pass over the whole
   * image.
   */
  private static final int MAX_SCANS = 200;

  /** The supported processes: baseline 0, extended 1, progressive 2 and lossless 3. */
  private static final int LAST_PROCESS = 3;

  private final JpegSegments segments;

  JpegDecoder(byte[] file) {
    this.segments = JpegSegments.of(file);
  }

  @Override
  public ImageHeader header() {
    JpegSegments.Frame frame = segments.frame();
    return new ImageHeader(frame.width(), frame.height(), ImageFormat.JPEG);
  }

  @Override
  public Orientation orientation(List<String> warnings) {
    return Orientation.ofExif(segments.exif(), warnings);
  }

  @Override
  public RgbImage decode(List<String> warnings) throws IOException {
    checkProcess();
    JpegColors colors = JpegColors.of(segments);
    byte[] lean = segments.withoutMetadata(colors.adobeTransform());
    if (colors == JpegColors.CMYK || colors == JpegColors.YCCK) {
      Raster raster = read(lean, warnings, reader -> reader.readRaster(0, null));
      return CmykJpeg.toSrgb(raster, colors, segments, warnings);
    }
    BufferedImage image = read(lean, warnings, reader -> reader.read(0));
    return SampleReader.toSrgb(image, segments.iccProfile(warnings), warnings);
  }

  private static <T> T read(byte[] lean, List<String> warnings, ImageIo.Reading<T> reading)
      throws IOException {
    return ImageIo.read(lean, ImageFormat.JPEG, warnings, reading);
  }

  private void checkProcess() {
    JpegSegments.Frame frame = segments.frame();
    if (frame.precision() != 8) {
      throw unsupported("a JPEG of 8 bits, was of " + frame.precision());
    }
    if (frame.process() > LAST_PROCESS) {
      throw unsupported(
          "a baseline, progressive or lossless JPEG with Huffman coding, was hierarchical, JPEG-LS"
              + " or with arithmetic coding (SOF"
              + frame.process()
              + ")");
    }
    int scans = segments.scans().count();
    if (scans > MAX_SCANS) {
      throw unsupported("a JPEG of at most " + MAX_SCANS + " scans, was " + scans);
    }
  }

  private static TransferException unsupported(String expectedAndWas) {
    return new TransferException(
        ErrorCode.UNSUPPORTED_FORMAT, "Unsupported image: expected " + expectedAndWas);
  }
}
