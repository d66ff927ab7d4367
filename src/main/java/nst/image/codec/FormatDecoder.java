package nst.image.codec;

import java.io.IOException;
import java.util.List;
import nst.image.RgbImage;
import nst.image.format.ImageHeader;

/**
 * Reads one file of one format. Making one reads the file's structure at most; only {@link #decode}
 * touches pixels.
 */
interface FormatDecoder {

  /** Size and format as the file stores them, from the header alone. */
  ImageHeader header() throws IOException;

  /**
   * Notes that there are other frames or pages, where the file's structure tells it.
   *
   * @param warnings takes a sentence where there are several
   */
  default void noteOtherFrames(List<String> warnings) {}

  /**
   * How the stored picture has to be turned.
   *
   * @param warnings takes a sentence where that cannot be read
   */
  default Orientation orientation(List<String> warnings) {
    return Orientation.UPRIGHT;
  }

  /**
   * The first frame or page in sRGB, as it is stored: not yet turned.
   *
   * @param warnings takes what was mended, ignored or left out
   */
  RgbImage decode(List<String> warnings) throws IOException;

  /** The warning that only the first of several frames was taken. */
  static void noteFrames(int frames, List<String> warnings) {
    if (frames > 1) {
      warnings.add("the first of " + frames + " frames or pages was taken");
    }
  }
}
