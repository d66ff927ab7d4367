package nst.report.row;

import java.util.List;

/** Stores the pictures and the data of a page: in files beside it, or in the page itself. */
public interface PageParts {
  /**
   * Stores a JPEG image. Equal images are stored once. May be called by several threads.
   *
   * @param width in pixels
   * @param height in pixels
   */
  Picture picture(byte[] jpeg, int width, int height);

  /**
   * Stores data for the page's script.
   *
   * @param name letters, digits and hyphens; the script receives it with the data
   * @param onOpening whether the page loads it when it opens; otherwise when it is needed
   */
  void data(String name, Object value, boolean onOpening);

  /** The paths of the data files that the page loads when it opens, in the order of storing. */
  List<String> scripts();

  /** The parts in the page itself, in the order of storing. */
  List<EmbeddedPart> embedded();
}
