package nst.job.task;

import java.util.List;
import nst.image.record.Credits;

/**
 * The provenance of an image: what is kept of its inputs after the optimisation.
 *
 * @param contentSha256 SHA-256 of the photo's bytes
 * @param styleSha256 SHA-256 of each style image's bytes, in the order of the request's styles
 * @param warnings what was repaired, ignored or left out when the inputs were decoded
 * @param credits the credits of the photo
 */
record InputProvenance(
    String contentSha256, List<String> styleSha256, List<String> warnings, Credits credits) {
  InputProvenance {
    styleSha256 = List.copyOf(styleSha256);
    warnings = List.copyOf(warnings);
  }
}
