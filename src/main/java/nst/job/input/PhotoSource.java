package nst.job.input;

import java.util.List;
import nst.image.Photo;
import nst.image.record.Credits;

/**
 * A photo in the sizes that a row needs, with what its file says.
 *
 * @param sha256 the digest of the file's bytes
 * @param warnings the decoder's warnings, each prefixed with the column
 * @param credits the credits in the file
 */
public record PhotoSource(Photo photo, String sha256, List<String> warnings, Credits credits) {
  public PhotoSource {
    warnings = List.copyOf(warnings);
  }
}
