package nst.image.codec;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;
import nst.image.format.TiffPage;
import nst.model.ErrorCode;
import nst.model.TransferException;

/** Decodes TIFF in grey or RGB, from the page that contains the image. */
final class TiffDecoder implements FormatDecoder {
  private final byte[] file;
  private final TiffPage page;

  TiffDecoder(byte[] file) {
    this.file = file;
    this.page = TiffPage.of(file);
  }

  @Override
  public ImageHeader header() throws IOException {
    return ImageIo.header(file, ImageFormat.TIFF, page.index());
  }

  @Override
  public void noteOtherFrames(List<String> warnings) {
    page.noteOtherPages(warnings);
  }

  @Override
  public Orientation orientation(List<String> warnings) {
    return Orientation.of(page.directory(), warnings);
  }

  @Override
  public RgbImage decode(List<String> warnings) throws IOException {
    BufferedImage image =
        ImageIo.read(file, ImageFormat.TIFF, warnings, reader -> reader.read(page.index()));
    ColorModel model = image.getColorModel();
    checkColors(model.getColorSpace());
    return SampleReader.toSrgb(
        image, page.iccProfile(), page.alpha(SampleReader.colorComponents(model)), warnings);
  }

  private static void checkColors(ColorSpace space) {
    if (space.getType() != ColorSpace.TYPE_RGB && space.getType() != ColorSpace.TYPE_GRAY) {
      throw new TransferException(
          ErrorCode.UNSUPPORTED_FORMAT,
          "Unsupported image: expected grey or RGB in TIFF, was of "
              + space.getNumComponents()
              + " components (CMYK or the like); save it as RGB");
    }
  }
}
