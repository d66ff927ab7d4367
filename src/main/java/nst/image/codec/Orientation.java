package nst.image.codec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import nst.image.RgbImage;
import nst.image.format.TiffDirectory;

/** The orientation of the camera: the eight values of tag 0x0112 of EXIF 2.3, in order from 1. */
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
   * Reads the orientation from an EXIF block. Only this entry of the first directory is read. In
   * EXIF its type is SHORT; LONG and BYTE are accepted too.
   *
   * @param exif a TIFF structure without {@code Exif\\0\\0}, or a TIFF file
   * @param warnings receives a sentence if the block is damaged
   * @return UPRIGHT if the block has no orientation that can be read
   */
  static Orientation ofExif(byte[] exif, List<String> warnings) {
    Optional<TiffDirectory> directory = TiffDirectory.first(exif);
    if (directory.isEmpty()) {
      return ignored(warnings);
    }
    return of(directory.get(), warnings);
  }

  /** The same; UPRIGHT if there is no block. */
  static Orientation ofExif(Optional<byte[]> exif, List<String> warnings) {
    return exif.map(block -> ofExif(block, warnings)).orElse(UPRIGHT);
  }

  /** Reads the orientation from a directory, like {@link #ofExif(byte[], List)}. */
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
            + (value.isPresent() ? value.getAsLong() : "not a whole number")
            + "; treated as upright");
    return UPRIGHT;
  }

  private static Orientation ignored(List<String> warnings) {
    warnings.add("EXIF is damaged and was ignored");
    return UPRIGHT;
  }

  /** Whether width and height are exchanged. */
  boolean swapsSides() {
    return switch (this) {
      case UPRIGHT, MIRRORED, UPSIDE_DOWN, MIRRORED_UPSIDE_DOWN -> false;
      case TRANSPOSED, TURNED_LEFT, TRANSVERSED, TURNED_RIGHT -> true;
    };
  }

  /** Rotates the image upright. */
  RgbImage upright(RgbImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int width = swapsSides() ? stored.height() : stored.width();
    int height = swapsSides() ? stored.width() : stored.height();
    return new RgbImage(width, height, upright(stored.planes(), stored.width(), stored.height()))
        .withAlpha(stored.alpha().map(alpha -> upright(alpha, stored.width(), stored.height())));
  }

  /** Rotates planes of a size, as many as there are. */
  private float[] upright(float[] stored, int storedWidth, int storedHeight) {
    int width = swapsSides() ? storedHeight : storedWidth;
    int height = swapsSides() ? storedWidth : storedHeight;
    float[] planes = new float[stored.length];
    int lastX = storedWidth - 1;
    int lastY = storedHeight - 1;
    for (int plane = 0; plane < stored.length; plane += width * height) {
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
          planes[plane + y * width + x] = stored[plane + sourceY * storedWidth + sourceX];
        }
      }
    }
    return planes;
  }
}
