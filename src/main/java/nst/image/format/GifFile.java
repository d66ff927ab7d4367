package nst.image.format;

import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferException;

/** A GIF file (GIF89a, sections 18 to 23) up to its first frame, without decoding. */
public final class GifFile {
  private static final int HEADER_BYTES = 13;
  private static final int EXTENSION = 0x21;
  private static final int GRAPHIC_CONTROL = 0xF9;
  private static final int IMAGE = 0x2C;

  private GifFile() {}

  /**
   * The position of the first frame. ImageIO's reader returns only the frame. The canvas is the
   * logical screen, or larger if the frame needs it. Outside the frame is the background colour; it
   * is transparent if the frame has transparency.
   *
   * @throws TransferException CORRUPT_IMAGE if there is no frame
   */
  public static Canvas canvas(byte[] file) {
    if (file.length < HEADER_BYTES) {
      throw noFrame(file);
    }
    int flags = file[10] & 0xFF;
    int colors = (flags & 0x80) == 0 ? 0 : 2 << (flags & 7);
    int at = HEADER_BYTES + 3 * colors;
    boolean isTransparent = false;
    while (at + 10 <= file.length) {
      int block = file[at] & 0xFF;
      if (block == IMAGE) {
        return canvas(file, at, isTransparent, colors);
      }
      if (block != EXTENSION) {
        break;
      }
      if ((file[at + 1] & 0xFF) == GRAPHIC_CONTROL) {
        isTransparent = (file[at + 3] & 1) != 0;
      }
      at = endOfBlocks(file, at + 2);
    }
    throw noFrame(file);
  }

  private static Canvas canvas(byte[] file, int frame, boolean isTransparent, int colors) {
    int left = number(file, frame + 1);
    int top = number(file, frame + 3);
    int width = Math.max(number(file, 6), left + number(file, frame + 5));
    int height = Math.max(number(file, 8), top + number(file, frame + 7));
    int index = file[11] & 0xFF;
    int at = HEADER_BYTES + 3 * index;
    Optional<int[]> background =
        isTransparent || index >= colors
            ? Optional.empty()
            : Optional.of(new int[] {file[at] & 0xFF, file[at + 1] & 0xFF, file[at + 2] & 0xFF});
    return new Canvas(width, height, left, top, background);
  }

  /** The offset after a chain of sub-blocks. Each begins with its length; the last has length 0. */
  private static int endOfBlocks(byte[] file, int start) {
    int at = start;
    while (at < file.length && file[at] != 0) {
      at += 1 + (file[at] & 0xFF);
    }
    return at + 1;
  }

  private static int number(byte[] file, int at) {
    return (file[at] & 0xFF) | ((file[at + 1] & 0xFF) << 8);
  }

  private static TransferException noFrame(byte[] file) {
    return new TransferException(
        ErrorCode.CORRUPT_IMAGE,
        "Corrupt GIF: expected a frame, found none in " + file.length + " bytes");
  }
}
