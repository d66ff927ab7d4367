package nst.storage;

import nst.model.InvalidInputException;

/** URIs from a command line or a configuration. */
public final class TypedUri {
  private TypedUri() {}

  /**
   * Resolves a URI against the working directory.
   *
   * @param where the option or key that has this value, for the message
   * @throws InvalidInputException if it is not a valid URI, or contains credentials
   */
  public static String absolute(String where, String typed) {
    if (typed.isBlank()) {
      throw new InvalidInputException(where, "", "expected a URI or a path, was blank");
    }
    String uri;
    try {
      uri = Uris.absolute(typed);
      if (Uris.scheme(uri).equals("file")) {
        Uris.path(uri); // throws if the locale cannot represent the file name
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
