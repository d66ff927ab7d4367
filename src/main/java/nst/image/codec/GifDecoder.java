package nst.image.codec;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.Canvas;
import nst.image.format.GifFile;
import nst.image.format.ImageFormat;
import nst.image.format.ImageHeader;

/** Decodes the first frame of a GIF and places it on the canvas. */
final class GifDecoder implements FormatDecoder {
  private final byte[] file;
  private final Canvas canvas;

  GifDecoder(byte[] file) {
    this.file = file;
    this.canvas = GifFile.canvas(file);
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(canvas.width(), canvas.height(), ImageFormat.GIF);
  }

  /** Frames are counted here, because only the reader can count them. */
  @Override
  public RgbImage decode(List<String> warnings) throws IOException {
    BufferedImage frame =
        ImageIo.read(
            file,
            ImageFormat.GIF,
            warnings,
            reader -> {
              FormatDecoder.noteFrames(reader.getNumImages(true), warnings);
              return reader.read(0);
            });
    return canvas.around(SampleReader.toSrgb(frame));
  }
}
