package nst.image.codec;

import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;

/** Decodes BMP: one image, upright, without metadata. */
final class BmpDecoder implements FormatDecoder {
  private final byte[] file;

  BmpDecoder(byte[] file) {
    this.file = file;
  }

  @Override
  public ImageHeader header() throws IOException {
    return ImageIo.header(file, ImageFormat.BMP, 0);
  }

  @Override
  public RgbImage decode(List<String> warnings) throws IOException {
    return SampleReader.toSrgb(
        ImageIo.read(file, ImageFormat.BMP, warnings, reader -> reader.read(0)));
  }
}
