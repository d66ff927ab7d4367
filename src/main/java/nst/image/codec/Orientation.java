package nst.image.codec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import nst.image.RgbImage;
import nst.image.format.TiffDirectory;

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

  /**
   * From a block of EXIF: the one entry is looked up in the first directory and nothing else is
   * read. EXIF has it as SHORT; writers that take LONG or BYTE mean the same.
   *
   * @param exif a TIFF structure, without the {@code Exif\0\0} before it; a TIFF file is one
   * @param warnings takes a sentence when the block is damaged
   * @return UPRIGHT where the block says nothing that can be read
   */
  static Orientation ofExif(byte[] exif, List<String> warnings) {
    Optional<TiffDirectory> directory = TiffDirectory.first(exif);
    if (directory.isEmpty()) {
      return ignored(warnings);
    }
    return of(directory.get(), warnings);
  }

  /** The same; UPRIGHT where there is no block. */
  static Orientation ofExif(Optional<byte[]> exif, List<String> warnings) {
    return exif.map(block -> ofExif(block, warnings)).orElse(UPRIGHT);
  }

  /** From a directory, as {@link #ofExif(byte[], List)}. */
  static Orientation of(TiffDirectory directory, List<String> warnings) {
    if (!directory.has(TAG)) {
      return directory.isWhole() ? UPRIGHT : ignored(warnings);
    }
    OptionalLong value = directory.whole(TAG);
    if (value.isPresent() && value.getAsLong() >= 1 && value.getAsLong() <= values().length) {
      return values()[(int) value.getAsLong() - 1];
    }
    warnings.add(
        "EXIF orientation: expected 1 to 8, was "
            + (value.isPresent() ? value.getAsLong() : "no whole number")
            + "; taken as upright");
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
