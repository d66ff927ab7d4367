package nst.image.codec;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;
import nst.image.format.PngChunks;

/** Decodes PNG. For an animated PNG, it decodes the default image. */
final class PngDecoder implements FormatDecoder {
  private final PngChunks chunks;

  PngDecoder(byte[] file) {
    this.chunks = PngChunks.of(file);
  }

  @Override
  public ImageHeader header() {
    return chunks.header();
  }

  @Override
  public void noteOtherFrames(List<String> warnings) {
    if (chunks.first("acTL").isPresent()) {
      warnings.add("animated: the first frame was used");
    }
  }

  @Override
  public Orientation orientation(List<String> warnings) {
    return Orientation.ofExif(chunks.first("eXIf").map(chunks::data), warnings);
  }

  @Override
  public RgbImage decode(List<String> warnings) throws IOException {
    return SampleReader.toSrgb(read(warnings), chunks.iccProfile(warnings), warnings);
  }

  @Override
  public RgbImage decodeAsStored(List<String> warnings) throws IOException {
    return SampleReader.toSrgbAsStored(read(warnings), chunks.iccProfile(warnings), warnings);
  }

  private BufferedImage read(List<String> warnings) throws IOException {
    chunks.requireWhole();
    return ImageIo.read(
        chunks.withoutMetadata(), ImageFormat.PNG, warnings, reader -> reader.read(0));
  }
}
