package nst.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** How a camera was held: the eight values of EXIF 2.3's tag 0x0112, in their order from 1. */
enum Orientation {
  UPRIGHT,
  MIRRORED,
  UPSIDE_DOWN,
  MIRRORED_UPSIDE_DOWN,
  TRANSPOSED,
  TURNED_LEFT,
  TRANSVERSED,
  TURNED_RIGHT;

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  /**
   * From a block of EXIF: the one entry is looked up in the first directory and nothing else is
   * read. A library would copy every tag's value, and a hostile file has thousands of tags that all
   * point to its whole length.
   *
   * @param exif a TIFF structure, without the {@code Exif\0\0} before it; a TIFF file is one
   * @param warnings takes a sentence when the block is damaged
   * @return UPRIGHT where the block says nothing that can be read
   */
  static Orientation ofExif(byte[] exif, List<String> warnings) {
    ByteBuffer buffer = ByteBuffer.wrap(exif);
    if (FormatSniffer.startsWith(exif, 0, 'I', 'I', '*', 0)) {
      buffer.order(ByteOrder.LITTLE_ENDIAN);
    } else if (!FormatSniffer.startsWith(exif, 0, 'M', 'M', 0, '*')) {
      return ignored(warnings);
    }
    if (exif.length < 8) {
      return ignored(warnings);
    }
    long directory = buffer.getInt(4) & 0xFFFFFFFFL;
    if (directory + 2 > exif.length) {
      return ignored(warnings);
    }
    int entries = buffer.getShort((int) directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) i * ENTRY_BYTES;
      if (entry + ENTRY_BYTES > exif.length) {
        return ignored(warnings);
      }
      int at = (int) entry;
      if ((buffer.getShort(at) & 0xFFFF) == TAG) {
        int value = buffer.getShort(at + 8) & 0xFFFF;
        if (buffer.getShort(at + 2) == SHORT && value >= 1 && value <= values().length) {
          return values()[value - 1];
        }
        warnings.add("EXIF orientation: expected 1 to 8, was " + value + "; taken as upright");
        return UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static Orientation ignored(List<String> warnings) {
    warnings.add("EXIF is damaged and was ignored");
    return UPRIGHT;
  }

  /** Whether width and height change places. */
  boolean swapsSides() {
    return switch (this) {
      case UPRIGHT, MIRRORED, UPSIDE_DOWN, MIRRORED_UPSIDE_DOWN -> false;
      case TRANSPOSED, TURNED_LEFT, TRANSVERSED, TURNED_RIGHT -> true;
    };
  }

  /** The image as it should be seen. */
  RgbImage upright(RgbImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int width = swapsSides() ? stored.height() : stored.width();
    int height = swapsSides() ? stored.width() : stored.height();
    float[] planes = new float[stored.planes().length];
    int lastX = stored.width() - 1;
    int lastY = stored.height() - 1;
    for (int channel = 0; channel < 3; channel++) {
      int plane = channel * width * height;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int sourceX =
              switch (this) {
                case UPRIGHT, MIRRORED_UPSIDE_DOWN -> x;
                case MIRRORED, UPSIDE_DOWN -> lastX - x;
                case TRANSPOSED, TURNED_LEFT -> y;
                case TRANSVERSED, TURNED_RIGHT -> lastX - y;
              };
          int sourceY =
              switch (this) {
                case UPRIGHT, MIRRORED -> y;
                case UPSIDE_DOWN, MIRRORED_UPSIDE_DOWN -> lastY - y;
                case TRANSPOSED, TURNED_RIGHT -> x;
                case TRANSVERSED, TURNED_LEFT -> lastY - x;
              };
          planes[plane + y * width + x] =
              stored.planes()[plane + sourceY * stored.width() + sourceX];
        }
      }
    }
    return new RgbImage(width, height, planes);
  }
}
