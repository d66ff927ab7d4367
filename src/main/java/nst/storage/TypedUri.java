package nst.storage;

import nst.model.InvalidInputException;

/** URIs that somebody typed on a command line or in a configuration. */
public final class TypedUri {
  private TypedUri() {}

  /**
   * The absolute form of a URI, seen from the working directory.
   *
   * @param where the option or key that it was typed at, for the message
   * @throws InvalidInputException where it is none, or has credentials in it
   */
  public static String absolute(String where, String typed) {
    if (typed.isBlank()) {
      throw new InvalidInputException(where, "", "expected a URI or a path, was blank");
    }
    String uri;
    try {
      uri = Uris.absolute(typed);
      if (Uris.scheme(uri).equals("file")) {
        LocalObjectStore.path(uri); // refuses what this locale has no file name for
      }
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      throw new InvalidInputException(
          where, "", message.contains(", was ") ? message : message + ", was " + typed);
    }
    if (Uris.scheme(uri).equals("s3a") && uri.startsWith("s3a:///")) {
      throw new InvalidInputException(where, "", "expected s3a://BUCKET/KEY, was " + typed);
    }
    return uri;
  }
}
