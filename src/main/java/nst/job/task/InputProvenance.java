package nst.job.task;

import java.util.List;
import nst.image.record.Credits;

/**
 * What a picture was made from: all that is kept of its inputs once it has left the device.
 *
 * @param contentSha256 of the photo's bytes
 * @param styleSha256 of the paintings' bytes, in the order of the request's styles
 * @param warnings what was mended, ignored or left out when the inputs were decoded
 * @param credits whose photo it is
 */
record InputProvenance(
    String contentSha256, List<String> styleSha256, List<String> warnings, Credits credits) {
  InputProvenance {
    styleSha256 = List.copyOf(styleSha256);
    warnings = List.copyOf(warnings);
  }
}
