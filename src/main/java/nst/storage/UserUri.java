package nst.storage;

import nst.model.InvalidInputException;

/** URIs from a command line or a configuration. */
public final class UserUri {
  private UserUri() {}

  /**
   * Resolves a URI against the working directory.
   *
   * @param where the option that has this value, for the message
   * @throws InvalidInputException if it is not a valid URI, or contains credentials
   */
  public static String absolute(String where, String typed) {
    try {
      return absolute(typed);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(where, "", e.getMessage());
    }
  }

  /**
   * Resolves a URI against the working directory.
   *
   * @throws IllegalArgumentException if it is not a valid URI, or contains credentials
   */
  public static String absolute(String typed) {
    return resolve(workingDirectory(), typed);
  }

  /** The URI of the working directory. */
  public static String workingDirectory() {
    return "file:" + System.getProperty("user.dir");
  }

  /**
   * Resolves a URI that a user wrote against a folder.
   *
   * @param folder absolute URI
   * @throws IllegalArgumentException if it is not a valid URI, or contains credentials
   */
  public static String resolve(String folder, String typed) {
    if (typed.isBlank()) {
      throw new IllegalArgumentException("expected a URI or a path, was blank");
    }
    String uri;
    try {
      uri = Uris.resolve(folder, typed);
      if (Uris.scheme(uri).equals("file")) {
        Uris.path(uri); // throws if the locale cannot represent the file name
      }
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      throw message.contains(", was ")
          ? e
          : new IllegalArgumentException(message + ", was " + typed, e);
    }
    if (Uris.scheme(uri).equals("s3a") && uri.startsWith("s3a:///")) {
      throw new IllegalArgumentException("expected s3a://BUCKET/KEY, was " + typed);
    }
    return uri;
  }
}
