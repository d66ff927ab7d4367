package nst.job;

import java.util.Locale;
import java.util.Map;

/**
 * A request to a server.
 *
 * @param target path and query, decoded: {@code /bucket/key?uploadId=...}
 * @param headers by name in lower case
 */
record S3Request(String method, String target, Map<String, String> headers) {

  boolean reads(String part) {
    return method.equals("GET") && target.contains(part);
  }

  /** Whether it creates an object with one request. */
  boolean isWholePut() {
    return method.equals("PUT") && !target.contains("uploadId=") && !isCopy();
  }

  boolean isCopy() {
    return headers.containsKey("x-amz-copy-source");
  }

  long length() {
    return Long.parseLong(headers.getOrDefault("content-length", "0"));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %s", method, target);
  }
}
