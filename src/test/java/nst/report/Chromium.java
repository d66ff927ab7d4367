package nst.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A real browser with one tab, controlled through the Chrome DevTools protocol. Without Chromium on
 * the path the test is skipped; in CI (environment {@code CI=true}) it fails.
 */
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The tests share a machine with others. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private int calls;

  private Chromium(Process process, URI tab) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(tab, new Messages()).join();
    for (String domain : List.of("Page", "Network", "Runtime", "Log")) {
      call(domain + ".enable", Map.of());
    }
  }

  /**
   * Starts the browser.
   *
   * @param folder an empty folder for its profile and its log
   */
  public static Chromium start(Path folder) throws Exception {
    Path profile = folder.resolve("profile");
    Process process =
        new ProcessBuilder(
                browser().toString(),
                "--headless=new",
                "--no-sandbox", // CI runs as root in a container, where the sandbox cannot start
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("browser.log").toFile())
            .start();
    return new Chromium(process, tab(profile, process));
  }

  private static URI tab(Path profile, Process process) throws Exception {
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(port) && Files.readString(port).contains("\n")) {
        String address = "http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/list";
        String tabs =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create(address)).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
        for (JsonNode tab : JSON.readTree(tabs)) {
          if (tab.get("type").asText().equals("page")) {
            return URI.create(tab.get("webSocketDebuggerUrl").asText());
          }
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("Chromium did not start; see browser.log beside " + profile);
  }

  private static Path browser() {
    Optional<Path> found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty() && !"true".equals(System.getenv("CI"))) {
      assumeTrue(false, "no Chromium on the path: install the package chromium to run this test");
    }
    return found.orElseThrow(
        () -> new AssertionError("CI=true, but no Chromium is on the path: install chromium"));
  }

  /** Opens a page and waits until it and its files are loaded. */
  public void open(URI page) throws InterruptedException {
    requests.clear();
    errors.clear();
    call("Page.navigate", Map.of("url", "about:blank"));
    call("Page.navigate", Map.of("url", page.toString()));
    waitFor("location.protocol === 'file:' && document.readyState === 'complete'");
  }

  /** Waits until an expression is true. */
  public void waitFor(String expression) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!evaluate(expression).asBoolean()) {
      assertThat(System.nanoTime()).as("waiting for %s", expression).isLessThan(end);
      Thread.sleep(20);
    }
  }

  /** The value of an expression; a promise is awaited. */
  public JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    assertThat(answer.path("exceptionDetails").path("exception").path("description").asText())
        .as(expression)
        .isEmpty();
    return answer.path("result").path("value");
  }

  /** The text of the first element that a selector names. */
  public String text(String selector) {
    return evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  /** The texts of all elements that a selector names. */
  public List<String> texts(String selector) {
    JsonNode texts =
        evaluate("Array.from(document.querySelectorAll('" + selector + "'), (e) => e.textContent)");
    return JSON.convertValue(
        texts, JSON.getTypeFactory().constructCollectionType(List.class, String.class));
  }

  /** Scrolls to an element and clicks on its centre with the mouse. */
  public void click(String selector) {
    JsonNode at =
        evaluate(
            "(async () => { const e = document.querySelector('"
                + selector
                + "'); const frame = () => new Promise(requestAnimationFrame);"
                // Cards get their height when they come into view, which moves what is below.
                + " for (let i = 0; i < 3; i++) { e.scrollIntoView({ block: 'center', behavior:"
                + " 'instant' }); await frame(); await frame(); }"
                + " const b = e.getBoundingClientRect();"
                + " return { x: b.x + b.width / 2, y: b.y + b.height / 2 }; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              at.get("x").asDouble(),
              "y",
              at.get("y").asDouble(),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Presses a key such as {@code Tab}, {@code Enter}, {@code ArrowRight} or {@code Escape}. */
  public void press(String key) {
    int code =
        Map.of(
                "Tab",
                9,
                "Enter",
                13,
                "Escape",
                27,
                " ",
                32,
                "0",
                48,
                "+",
                187,
                "ArrowLeft",
                37,
                "ArrowUp",
                38,
                "ArrowRight",
                39,
                "ArrowDown",
                40)
            .get(key);
    String text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
    for (String type : List.of(text.isEmpty() ? "rawKeyDown" : "keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type", type, "key", key, "code", key, "text", text, "windowsVirtualKeyCode", code));
    }
  }

  /** Types text into the focused element. */
  public void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /** Chooses an option of a select element as a user does. */
  public void choose(String selector, String value) {
    evaluate(
        "(() => { const e = document.querySelector('"
            + selector
            + "'); e.value = "
            + JSON.valueToTree(value)
            + "; e.dispatchEvent(new Event('input', { bubbles: true }));"
            + " e.dispatchEvent(new Event('change', { bubbles: true })); })()");
  }

  /** Sets the size of the window and whether the page is dark. */
  public void window(int width, int height, boolean dark) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Writes a PNG of the window. */
  public void screenshot(Path file) throws IOException {
    String data = call("Page.captureScreenshot", Map.of("format", "png")).get("data").asText();
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** The addresses of everything that was requested since the page was opened. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Exceptions and errors since the page was opened, violations of its policy among them. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    int id = ++calls;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    socket.sendText(message.toString(), true).join();
    JsonNode got = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(got.path("error").path("message").asText()).as(method).isEmpty();
    return got.path("result");
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          receive(JSON.readTree(text.toString()));
        } catch (IOException e) {
          errors.add(e.toString());
        }
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void receive(JsonNode message) {
      JsonNode values = message.path("params");
      switch (message.path("method").asText()) {
        case "" -> answers.remove(message.get("id").asInt()).complete(message);
        case "Network.requestWillBeSent" -> requests.add(values.at("/request/url").asText());
        case "Runtime.exceptionThrown" -> errors.add(values.get("exceptionDetails").toString());
        case "Log.entryAdded" -> {
          if (values.at("/entry/level").asText().equals("error")) {
            errors.add(values.at("/entry/text").asText());
          }
        }
        default -> {}
      }
    }
  }
}
