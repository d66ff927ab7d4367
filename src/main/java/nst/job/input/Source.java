package nst.job.input;

import java.util.List;
import nst.image.RgbImage;
import nst.image.codec.DecodedImage;

/**
 * A decoded input with its digest.
 *
 * @param sha256 the digest of the file's bytes
 * @param column the column that contained its URI
 */
public record Source(DecodedImage decoded, String sha256, String column) {
  /** The pixels. */
  public RgbImage image() {
    return decoded.image();
  }

  /** The decoder's warnings, each prefixed with the column. */
  public List<String> warnings() {
    return decoded.warnings().stream().map(warning -> column + ": " + warning).toList();
  }
}
