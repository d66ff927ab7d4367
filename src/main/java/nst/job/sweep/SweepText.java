package nst.job.sweep;

import nst.storage.UserUri;

/**
 * A text from a sweep's definition.
 *
 * @param text as the user wrote it
 * @param folder absolute URI of the folder against which its relative URIs are resolved
 */
public record SweepText(String text, String folder) {

  /** The absolute URI of a file that this text names. */
  String uri(String typed) {
    return UserUri.resolve(folder, typed.strip());
  }
}
