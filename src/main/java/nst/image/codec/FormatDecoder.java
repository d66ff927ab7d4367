package nst.image.codec;

import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.ImageHeader;

/**
 * Decodes a file of one format. The constructor reads at most the structure of the file; only
 * {@link #decode} reads pixels.
 */
interface FormatDecoder {

  /** The size and format as stored in the file, from the header only. */
  ImageHeader header() throws IOException;

  /**
   * Adds a warning if the structure of the file shows other frames or pages.
   *
   * @param warnings receives a sentence if there are several
   */
  default void noteOtherFrames(List<String> warnings) {}

  /**
   * The rotation of the stored image.
   *
   * @param warnings receives a sentence if it cannot be read
   */
  default Orientation orientation(List<String> warnings) {
    return Orientation.UPRIGHT;
  }

  /**
   * Decodes the first frame or page to sRGB, as stored and not yet rotated.
   *
   * @param warnings receives sentences about what was repaired, ignored or left out
   */
  RgbImage decode(List<String> warnings) throws IOException;

  /**
   * The same with the colours of transparent pixels as they are stored, if the format is one of
   * outputs that have transparency.
   */
  default RgbImage decodeAsStored(List<String> warnings) throws IOException {
    return decode(warnings);
  }

  /** The warning that only the first of several frames was used. */
  static void noteFrames(int frames, List<String> warnings) {
    if (frames > 1) {
      warnings.add("the first of " + frames + " frames or pages was used");
    }
  }
}
