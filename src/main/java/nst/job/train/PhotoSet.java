package nst.job.train;

import java.io.Serializable;
import java.util.List;
import nst.storage.UriPolicy;

/**
 * The photos of a training.
 *
 * @param training URIs of those that are trained on
 * @param heldOut URIs of those that are only measured
 * @param digest of the URIs and versions of all these
 * @param found how many photos there are; more than these if there are very many
 * @param refused how many rows of the manifest name no photo that may be read
 * @param policy what may be read
 */
record PhotoSet(
    List<String> training,
    List<String> heldOut,
    String digest,
    long found,
    long refused,
    UriPolicy policy)
    implements Serializable {
  PhotoSet {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  int size() {
    return training.size() + heldOut.size();
  }
}
