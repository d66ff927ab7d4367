package nst.weights;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on this machine with one file, {@code /file.pth}, and the faults of real ones. */
public final class FileServer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final HttpServer server;
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile byte[] file;
  private volatile String tag = "\"1\"";
  private volatile boolean ranges = true;
  private volatile int cutAfter = Integer.MAX_VALUE;
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  public FileServer(byte[] file) throws IOException {
    this.file = file;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/file.pth", this::answer);
    server.start();
  }

  public URI uri() {
    return uri("/file.pth");
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Replaces the file by another version. */
  void replace(byte[] bytes) {
    file = bytes;
    tag = "\"2\"";
  }

  /** The server always sends the whole file. */
  void sendsNoRanges() {
    ranges = false;
  }

  /** The next answers end after this number of bytes. */
  void cuts(int answers, int afterBytes) {
    cuts.set(answers);
    cutAfter = afterBytes;
  }

  /** The next answers have status 503. */
  void fails(int answers) {
    failures.set(answers);
  }

  /** A path that redirects. */
  URI redirect(String to) {
    server.createContext(
        "/redirect",
        exchange -> {
          exchange.getResponseHeaders().set("Location", to);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    return uri("/redirect");
  }

  /** The {@code Range} of each request; empty if it asked for the whole file. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    String version = exchange.getRequestHeaders().getFirst("If-Range");
    requests.add(asked == null ? "" : asked);
    if (isNext(failures)) {
      exchange.sendResponseHeaders(503, -1);
      exchange.close();
      return;
    }
    byte[] bytes = file;
    exchange.getResponseHeaders().set("ETag", tag);
    Matcher range = RANGE.matcher(asked == null ? "" : asked);
    if (!ranges || !range.matches() || (version != null && !version.equals(tag))) {
      send(exchange, 200, bytes);
      return;
    }
    int from = Integer.parseInt(range.group(1));
    int to =
        range.group(2).isEmpty()
            ? bytes.length
            : Math.min(bytes.length, Integer.parseInt(range.group(2)) + 1);
    if (from >= bytes.length) {
      exchange.sendResponseHeaders(416, -1);
      exchange.close();
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    send(exchange, 206, Arrays.copyOfRange(bytes, from, to));
  }

  private void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    int length = bytes.length > cutAfter && isNext(cuts) ? cutAfter : bytes.length;
    exchange.sendResponseHeaders(status, bytes.length);
    OutputStream body = exchange.getResponseBody();
    body.write(bytes, 0, length);
    body.flush();
    if (length < bytes.length) {
      throw new IOException("the connection is cut"); // the server closes it
    }
    body.close();
  }

  /** Whether one of a number of faults is left; counts it. */
  private static boolean isNext(AtomicInteger faults) {
    return faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
