package nst.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nst.engine.network.FixtureWeights;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.text.Sha256;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a run whose driver and executors are processes, with all data on S3, including the network.
 * The test reads the metrics like Prometheus, and searches all outputs for the credentials.
 */
class S3ClusterIT {
  private static final int ROWS = 4;
  private static final String OURS =
      "metrics_nst_driver_plugin_nst_job_executor_StyleTransferPlugin_";

  @RegisterExtension final FaultyS3 server = new FaultyS3();

  @TempDir Path scratch;
  private ObjectStore store;
  private final HttpClient browser = HttpClient.newHttpClient();
  private final TreeSet<String> commandLines = new TreeSet<>();

  /** Where conf/log4j2.properties writes the log of this JVM. */
  private static final Path LOG = Path.of("logs", "nst.log");

  @Test
  void theRunIsVisibleInTheUiWithoutItsCredentials() throws Exception {
    store = new HadoopObjectStore(server.connected());
    upload();
    int port = freePort();
    CountDownLatch seen = new CountDownLatch(1);
    server.injectFaults(request -> isTheEnd(request) ? afterwards(seen) : Fault.NONE);
    String digest = uploadWeights();
    Command.Outcome outcome;
    String page;
    try (StandaloneCluster cluster = StandaloneCluster.start(scratch).worker("0")) {
      List<String> arguments = new ArrayList<>(Arrays.asList(cluster.submitOptions(conf(port))));
      arguments.addAll(run(digest));
      Command command = Command.start(scratch, arguments.toArray(new String[0]));
      page = watched(command.process(), port);
      seen.countDown();
      outcome = command.outcome();
    }

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode summary = new ObjectMapper().readTree(outcome.out());
    assertThat(summary.get("rows").get("ok").asInt()).isEqualTo(ROWS);
    assertThat(summary.get("peak_memory_bytes").asLong()).isPositive();
    assertThat(gauge(page, "rows")).isEqualTo(ROWS);
    assertThat(gauge(page, "images_per_hour")).isPositive();
    assertThat(gauge(page, "device_seconds")).isPositive();
    assertThat(gauge(page, "executor_memory_bytes")).isPositive();
    assertThat(gauge(page, "failed_not_found")).isZero();
    assertThat(gauge(page, "storage_retries")).isZero();
    List<S3Request> images =
        server.requests().stream()
            .filter(request -> request.target().contains("/out/images/"))
            .filter(request -> !List.of("GET", "HEAD").contains(request.method()))
            .toList();
    assertThat(images).hasSize(ROWS).allMatch(S3Request::isWholePut);
    credentialsAreNotPrinted(outcome);
  }

  /** Returns whether the run would be finished by this request. */
  private static boolean isTheEnd(S3Request request) {
    return request.isWholePut() && request.target().contains("/_RUN.json");
  }

  /** Delays the request, so that the test can inspect the run even on a fast machine. */
  private static Fault afterwards(CountDownLatch seen) {
    try {
      assertThat(seen.await(15, TimeUnit.MINUTES)).as("the page is seen").isTrue();
      return Fault.NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Fault.RESET;
    }
  }

  /** Waits until the metrics show a finished row, and returns the metrics. */
  private String watched(Process process, int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics/prometheus/");
    Await.until(
        "a page that tells of a row",
        () -> {
          commandLines.addAll(commandLines());
          return gauge(get(uri), "rows_done") >= 1 || !process.isAlive();
        });
    assertThat(commandLines).anyMatch(line -> line.contains("CoarseGrainedExecutorBackend"));
    return get(uri);
  }

  private String get(URI uri) throws InterruptedException {
    try {
      return browser
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return ""; // does not exist yet
    }
  }

  /** Returns the value of a gauge; -1 if the page does not have it. */
  private static double gauge(String page, String name) {
    return page.lines()
        .filter(line -> line.startsWith(OURS + name + "_Value"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  private static List<String> commandLines() {
    return ProcessHandle.current()
        .descendants()
        .map(process -> Path.of("/proc", Long.toString(process.pid()), "cmdline"))
        .map(
            file -> {
              try {
                return Files.readString(file, ISO_8859_1).replace('\0', ' ');
              } catch (IOException e) {
                return ""; // the process has just ended
              }
            })
        .toList();
  }

  private void credentialsAreNotPrinted(Command.Outcome outcome) throws IOException {
    Map<String, String> places = new TreeMap<>();
    places.put("standard output", outcome.out());
    places.put("standard error", outcome.err());
    places.put("arguments", String.join("\n", commandLines));
    places.put("log of this JVM, which runs the master", Files.readString(LOG, ISO_8859_1));
    store
        .list(server.uri("out"))
        .forEachRemaining(
            uri -> places.put(uri, new String(store.read(uri, 1L << 30), ISO_8859_1)));
    try (Stream<Path> files = Files.walk(scratch)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().matches(".*[.](jar|safetensors|so|jpg|png)")) {
          places.put(file.toString(), Files.readString(file, ISO_8859_1));
        }
      }
    }
    assertThat(places.keySet())
        .as("places to look at")
        .anyMatch(place -> place.contains("/events/"))
        .anyMatch(place -> place.endsWith("nst.log"))
        .anyMatch(place -> place.endsWith("stderr"))
        .anyMatch(place -> place.endsWith("_PLAN.json"))
        .anyMatch(place -> place.contains("/plan/part-"))
        .anyMatch(place -> place.contains("/metrics/part-"))
        .anyMatch(place -> place.endsWith("index.html"));
    places.forEach(
        (place, text) ->
            assertThat(text.contains(FaultyS3.SECRET_KEY) || text.contains(FaultyS3.ACCESS_KEY))
                .as(place)
                .isFalse());
  }

  /** Uploads a manifest as text, which needs no Spark session in this JVM. */
  private void upload() throws IOException {
    TestCatalogue pictures =
        new TestCatalogue(scratch)
            .picture("photo.jpg", 64, 48, 1)
            .picture("painting.png", 64, 48, 2);
    StringBuilder manifest = new StringBuilder("content,style,seed\n");
    for (int i = 0; i < ROWS; i++) {
      manifest.append("photo.jpg,painting.png,").append(i).append('\n');
    }
    pictures.file("manifest.csv", manifest.toString().getBytes(US_ASCII));
    for (String name : List.of("photo.jpg", "painting.png", "manifest.csv")) {
      store.write(server.uri("in/" + name), Files.readAllBytes(scratch.resolve(name)));
    }
  }

  private String uploadWeights() throws IOException {
    Path weights = scratch.resolve("mobilenet.safetensors"); // much smaller than a VGG
    FixtureWeights.write(Backbone.MOBILENET_V2, 1, weights);
    byte[] bytes = Files.readAllBytes(weights);
    store.write(server.uri("in/mobilenet.safetensors"), bytes);
    return Sha256.hex(bytes);
  }

  private List<String> run(String weightsDigest) {
    return List.of(
        "run",
        server.uri("in/manifest.csv"),
        "--output",
        server.uri("out"),
        "--image-size",
        "64",
        "--num-iterations",
        "4",
        "--backbone",
        "mobilenet_v2",
        "--content-layers",
        "features1:1",
        "--style-layers",
        "features1:1",
        "--batch-seconds",
        "1",
        "--json",
        "--weights",
        server.uri("in/mobilenet.safetensors"),
        "--weights-sha256",
        weightsDigest);
  }

  private String[] conf(int port) throws Exception {
    Map<String, String> conf = new TreeMap<>();
    server.settings().forEach((key, value) -> conf.put("spark.hadoop." + key, value));
    S3Run.committers().forEach((key, value) -> conf.put("spark.hadoop." + key, value));
    conf.putAll(S3Run.protocol());
    conf.putAll(asThePublishedConfigurationIsWatched());
    conf.put("spark.hadoop.hadoop.security.credential.provider.path", credentials());
    conf.put(
        "spark.hadoop.fs.s3a.aws.credentials.provider",
        "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    conf.put("spark.ui.enabled", "true");
    conf.put("spark.ui.port", Integer.toString(port));
    conf.put("spark.eventLog.enabled", "true");
    conf.put(
        "spark.eventLog.dir",
        Files.createDirectories(scratch.resolve("events")).toUri().toString());
    return conf.entrySet().stream()
        .flatMap(entry -> Stream.of("--conf", entry.getKey() + "=" + entry.getValue()))
        .toArray(String[]::new);
  }

  /** Returns the metrics settings of conf/spark-gpu.conf. */
  private static Map<String, String> asThePublishedConfigurationIsWatched() throws IOException {
    Properties published = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of("conf", "spark-gpu.conf"))) {
      published.load(reader);
    }
    Map<String, String> watching = new TreeMap<>();
    published.forEach(
        (key, value) -> {
          if (((String) key).matches("spark[.](metrics|ui[.]prometheus)[.].*")) {
            watching.put((String) key, (String) value);
          }
        });
    assertThat(watching).hasSize(4);
    return watching;
  }

  /** Creates a Hadoop key store. Processes get its path and not the credentials. */
  private String credentials() throws Exception {
    String path = "jceks://file" + scratch.resolve("s3.jceks");
    Configuration hadoop = new Configuration(false);
    hadoop.set(CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH, path);
    CredentialProvider provider = CredentialProviderFactory.getProviders(hadoop).get(0);
    provider.createCredentialEntry("fs.s3a.access.key", FaultyS3.ACCESS_KEY.toCharArray());
    provider.createCredentialEntry("fs.s3a.secret.key", FaultyS3.SECRET_KEY.toCharArray());
    provider.flush();
    return path;
  }

  /**
   * Chooses a port outside the range from which the kernel assigns ports, so that it stays free.
   */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // in use: try another
      }
    }
  }
}
