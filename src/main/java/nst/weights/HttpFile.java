package nst.weights;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.model.InvalidInputException;
import nst.model.Redactor;

/**
 * A file on a server, read by HTTPS, whole or in ranges. HTTP without encryption is only accepted
 * for this machine itself (loopback), and a redirect may only lead to HTTPS.
 *
 * <p>{@link java.net.http.HttpClient} is not used, because it has no timeout for a body that stops
 * arriving. Proxies are those of the JVM's properties ({@code https.proxyHost}).
 */
final class HttpFile {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18})");
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** The end of a range that goes to the end of the file. */
  static final long END = Long.MAX_VALUE;

  private final URI uri;
  private final int timeoutMillis;

  /**
   * @param uri see {@link #checked}
   * @param timeout the longest wait for the connection, for the answer, and for more of its bytes
   */
  HttpFile(URI uri, Duration timeout) {
    this.uri = uri;
    this.timeoutMillis = Math.toIntExact(timeout.toMillis());
  }

  /**
   * Checks an address that a user typed.
   *
   * @throws IllegalArgumentException if it is not one of HTTPS, or contains credentials
   */
  static URI checked(String typed) {
    try {
      URI uri = new URI(typed);
      if (!Redactor.isClean(typed)) {
        throw new IllegalArgumentException("expected a URL without credentials, was " + typed);
      }
      if (uri.getHost() == null || !(isHttps(uri) || isLoopback(uri))) {
        throw new IllegalArgumentException(
            "expected a URL that begins with https://, was " + typed);
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("expected a URL, was " + typed, e);
    }
  }

  private static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static boolean isLoopback(URI uri) {
    return "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.contains(uri.getHost());
  }

  URI uri() {
    return uri;
  }

  /**
   * The answer of the server.
   *
   * @param isRange false if the server sends the whole file
   * @param size of the whole file; -1 if the server does not say it
   * @param version changes with the content of the file; empty if the server does not say it
   */
  record Answer(HttpURLConnection connection, boolean isRange, long size, String version)
      implements AutoCloseable {

    InputStream body() throws IOException {
      return connection.getInputStream();
    }

    /** The JVM keeps the connection for the next request only if little is left to read. */
    @Override
    public void close() throws IOException {
      body().close();
    }
  }

  /**
   * Asks for a range of the file. The server may send the whole file instead.
   *
   * @param to the position after the last byte, or {@link #END}
   * @param version if it is not empty and the file has another one, the server sends the whole file
   * @throws InvalidInputException if the server does not have the file, or refuses to send it
   * @throws IOException if another try may succeed
   */
  Answer open(long from, long to, String version) throws IOException {
    URI next = uri;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      HttpURLConnection connection = (HttpURLConnection) next.toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(timeoutMillis);
      connection.setReadTimeout(timeoutMillis);
      connection.setUseCaches(false);
      connection.setRequestProperty("User-Agent", "nst");
      connection.setRequestProperty("Accept-Encoding", "identity");
      if (from > 0 || to != END) {
        String last = to == END ? "" : Long.toString(to - 1);
        connection.setRequestProperty("Range", "bytes=" + from + "-" + last);
        if (!version.isEmpty()) {
          connection.setRequestProperty("If-Range", version);
        }
      }
      int status = connection.getResponseCode();
      if (!REDIRECTS.contains(status)) {
        return answer(connection, status, from);
      }
      String location = header(connection, "Location");
      connection.disconnect();
      if (location.isEmpty()) {
        throw refused("the server redirects to nothing");
      }
      next = redirected(next, location);
    }
    throw refused("the server redirects more than " + MOST_REDIRECTS + " times");
  }

  private URI redirected(URI from, String location) {
    try {
      URI to = from.resolve(new URI(location));
      if (to.getHost() != null && (isHttps(to) || (isLoopback(from) && isLoopback(to)))) {
        return to;
      }
      throw refused("the server redirects to " + location + ", expected https://");
    } catch (URISyntaxException e) {
      throw refused("the server redirects to something that is no URL");
    }
  }

  private Answer answer(HttpURLConnection connection, int status, long from) throws IOException {
    if (status == 206) {
      Matcher range = CONTENT_RANGE.matcher(header(connection, "Content-Range"));
      if (!range.matches() || Long.parseLong(range.group(1)) != from) {
        connection.disconnect();
        throw refused("the server sends another range of the file than the one asked for");
      }
      return new Answer(connection, true, Long.parseLong(range.group(2)), version(connection));
    }
    if (status == 200) {
      return new Answer(connection, false, connection.getContentLengthLong(), version(connection));
    }
    connection.disconnect();
    if (List.of(408, 429).contains(status) || status >= 500) {
      throw new IOException("the server answers with status " + status);
    }
    throw refused(
        switch (status) {
          case 404, 410 -> "the server has no such file (status " + status + ")";
          case 401, 403 -> "the server denies access (status " + status + ")";
          case 407 -> "the proxy denies access (status 407)";
          case 416 -> "the file ends before byte " + from + " (status 416), so it is another file";
          default -> "the server answers with status " + status;
        });
  }

  /** What {@code If-Range} accepts: a strong entity tag, or the date of the last change. */
  private static String version(HttpURLConnection connection) {
    String tag = header(connection, "ETag");
    return tag.startsWith("\"") ? tag : header(connection, "Last-Modified");
  }

  private static String header(HttpURLConnection connection, String name) {
    String value = connection.getHeaderField(name);
    return value == null ? "" : value.strip();
  }

  /** The failure of this file, which the user may solve with another address. */
  InvalidInputException refused(String why) {
    return new InvalidInputException(uri.toString(), "", why);
  }

  /** Why a connection failed, in the words of this program where Java's say little. */
  static String reason(IOException e) {
    if (e instanceof UnknownHostException) {
      return "unknown host " + e.getMessage();
    }
    if (e instanceof SocketTimeoutException || e instanceof ConnectException) {
      return "no connection (" + String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT) + ")";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
