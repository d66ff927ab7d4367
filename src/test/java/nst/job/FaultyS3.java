package nst.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import nst.concurrent.Threads;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.gaul.s3proxy.junit.S3ProxyJunitCore;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server in this process with its own bucket, behind a proxy that records every request
 * and can produce faults.
 */
final class FaultyS3 implements BeforeEachCallback, AfterEachCallback {
  static final String ACCESS_KEY = "planted-access-1b7d";
  static final String SECRET_KEY = "planted-secret-8f3c";
  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private final String bucket = "catalogue-" + BUCKETS.incrementAndGet();
  private final S3ProxyJunitCore server =
      new S3ProxyJunitCore.Builder().withCredentials(ACCESS_KEY, SECRET_KEY).build();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Threads.daemon("faulty-s3"));
  private final List<S3Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final Map<Fault, Integer> played = new EnumMap<>(Fault.class);
  private ServerSocket door;
  private volatile Function<S3Request, Fault> faults = request -> Fault.NONE;

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    server.beforeEach();
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::receive);
    makeBucket(bucket);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    door.close();
    threads.shutdownNow();
    server.afterEach();
  }

  /** The name of the bucket. No other test uses it, so Hadoop's caches do no harm. */
  String bucket() {
    return bucket;
  }

  String uri(String key) {
    return "s3a://" + bucket + "/" + key;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  void makeBucket(String name) {
    makeBucket(server.getUri(), ACCESS_KEY, SECRET_KEY, name);
  }

  /** Creates a bucket on the server of this process. */
  static void makeBucket(URI server, String accessKey, String secretKey, String name) {
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(server)
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
            .build()) {
      client.createBucket(request -> request.bucket(name));
    }
  }

  /** Sets the faults for all later requests. */
  void injectFaults(Function<S3Request, Fault> injected) {
    faults = injected;
  }

  void removeFaults() {
    faults = request -> Fault.NONE;
  }

  /** Returns all requests so far. */
  List<S3Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Returns how often each fault occurred. */
  int played(Fault fault) {
    synchronized (played) {
      return played.getOrDefault(fault, 0);
    }
  }

  /** Returns S3A's settings for this server, with short pauses between attempts. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("fs.s3a.endpoint", endpoint().toString());
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    settings.put("fs.s3a.input.stream.type", "classic");
    settings.put("fs.s3a.attempts.maximum", "1"); // only S3A's own attempts distinguish throttling
    settings.put("fs.s3a.retry.limit", "6");
    settings.put("fs.s3a.retry.interval", "20ms");
    settings.put("fs.s3a.retry.throttle.limit", "2");
    settings.put("fs.s3a.retry.throttle.interval", "20ms");
    return settings;
  }

  /** Returns a configuration with which this process can use the bucket, without Spark. */
  Configuration connected() {
    Configuration hadoop = new Configuration();
    connect(hadoop, bucket);
    return hadoop;
  }

  /** Lets this process use the bucket. The settings of other buckets do not change. */
  ObjectStore connect(Configuration hadoop) {
    connect(hadoop, bucket);
    return TestSpark.session().store();
  }

  void connect(Configuration hadoop, String name) {
    Map<String, String> settings = settings();
    settings.put(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    settings.put("fs.s3a.access.key", ACCESS_KEY);
    settings.put("fs.s3a.secret.key", SECRET_KEY);
    settings.forEach(
        (key, value) -> hadoop.set(key.replace("fs.s3a.", "fs.s3a.bucket." + name + "."), value));
  }

  private void receive() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        if (!door.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** Each connection carries one request, so that the proxy need not parse further ones. */
  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      String head = head(client.getInputStream());
      if (head.isEmpty()) {
        return;
      }
      S3Request request = request(head);
      requests.add(request);
      Fault fault = faults.apply(request);
      synchronized (played) {
        played.merge(fault, 1, Integer::sum);
      }
      switch (fault) {
        case NONE, CUT, LOST, DRIP -> relay(client, head, fault);
        case SLOW_DOWN, INTERNAL_ERROR, ACCESS_DENIED, NO_SUCH_BUCKET ->
            refuse(client, request, fault);
        case RESET -> client.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      // The client or the server closed the connection; the other end notices this too.
      requests.add(new S3Request("BROKEN", String.valueOf(e.getMessage()), Map.of()));
    }
  }

  private void relay(Socket client, String head, Fault fault) throws IOException {
    try (Socket backend = new Socket(server.getUri().getHost(), server.getUri().getPort())) {
      backend.setTcpNoDelay(true); // a body must not wait until its head is acknowledged
      backend.getOutputStream().write(closing(head).getBytes(ISO_8859_1));
      threads.execute(
          () -> {
            try {
              client.getInputStream().transferTo(backend.getOutputStream());
            } catch (IOException e) {
              // the answer is complete and the connection was closed by another thread
            }
          });
      OutputStream out = client.getOutputStream();
      switch (fault) {
        case CUT -> {
          byte[] answer = answer(backend.getInputStream(), out);
          out.write(answer, 0, Math.max(1, answer.length - 40));
          out.flush();
          client.setSoLinger(true, 0);
        }
        case LOST -> {
          byte[] answer = answer(backend.getInputStream(), out);
          if (answer.length == 0) {
            throw new IOException("expected an answer of the server");
          }
          client.setSoLinger(true, 0);
        }
        case DRIP -> drip(backend.getInputStream().readAllBytes(), out);
        case NONE, SLOW_DOWN, INTERNAL_ERROR, ACCESS_DENIED, NO_SUCH_BUCKET, RESET ->
            backend.getInputStream().transferTo(out);
      }
      out.flush();
    }
  }

  /**
   * The answer. A call for the body before it is passed on at once: the client waits for it, and
   * sends the body without it only after seconds.
   */
  private static byte[] answer(InputStream in, OutputStream out) throws IOException {
    String head = head(in);
    if (head.startsWith("HTTP/1.1 100 ")) {
      out.write(head.getBytes(ISO_8859_1));
      out.flush();
      return in.readAllBytes();
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.write(head.getBytes(ISO_8859_1));
    in.transferTo(answer);
    return answer.toByteArray();
  }

  private static void drip(byte[] answer, OutputStream out) throws IOException {
    int body = new String(answer, ISO_8859_1).indexOf("\r\n\r\n") + 4;
    out.write(answer, 0, body);
    for (int i = body; i < answer.length; i++) {
      out.write(answer[i]);
      out.flush();
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void refuse(Socket client, S3Request request, Fault fault) throws IOException {
    if (!request.headers().containsKey("expect")) {
      client.getInputStream().skipNBytes(request.length());
    }
    String body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
            + fault.code()
            + "</Code><Message>made by the test</Message><RequestId>1</RequestId></Error>";
    String head =
        "HTTP/1.1 "
            + fault.status()
            + " "
            + fault.code()
            + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: ";
    String answer =
        request.method().equals("HEAD")
            ? head + "0\r\n\r\n"
            : head + body.length() + "\r\n\r\n" + body;
    client.getOutputStream().write(answer.getBytes(ISO_8859_1));
    client.getOutputStream().flush();
  }

  /**
   * Returns the request line and the headers with the blank line; empty if the client sent nothing.
   */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      last = last << 8 | next;
      if (last == 0x0d0a0d0a) {
        return head.toString(ISO_8859_1);
      }
    }
    return "";
  }

  private static S3Request request(String head) {
    String[] lines = head.strip().split("\r\n", -1);
    String[] first = lines[0].split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return new S3Request(first[0], URLDecoder.decode(first[1], UTF_8), headers);
  }

  private static String closing(String head) {
    return head.replaceFirst("(?i)\r\nConnection: [^\r]*", "")
        .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
  }
}
