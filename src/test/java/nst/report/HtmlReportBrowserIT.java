package nst.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the page in a real browser, opened from disk. Without Chromium on the path the tests are
 * skipped; in CI (environment {@code CI=true}) they fail.
 */
class HtmlReportBrowserIT {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  @TempDir private Path folder;

  @Test
  void runsItsOwnScriptUnderItsPolicy() throws Exception {
    Document page = opened(ReportFixture.ofEveryStatus(), "");
    assertThat(page.select("#shown").text()).isEqualTo("6 shown");
    assertThat(page.select("main img[data-same]"))
        .isNotEmpty()
        .allMatch(image -> image.attr("src").startsWith("data:image/jpeg"));
    assertThat(page.selectFirst("dialog").hasAttr("open")).isFalse();
  }

  @Test
  void opensTheLargePictureThatALinkNames() throws Exception {
    Document page = opened(ReportFixture.ofEveryStatus(), "#large-1");
    assertThat(page.selectFirst("dialog").hasAttr("open")).isTrue();
    assertThat(page.select("#large-title").text()).isEqualTo("kitten, lighter");
    assertThat(page.select("#large-position").text()).isEqualTo("2 of 2");
    assertThat(page.select("#large-result").attr("src")).startsWith("data:image/jpeg");
    assertThat(page.select("#panel .facts").text()).contains("Size 256 × 170 px");
    assertThat(page.select("#losses .curve.strong").eachAttr("points"))
        .isEqualTo(page.select("#losses .curve[data-row=1]").eachAttr("points"));
  }

  @Test
  void runsNoScriptThatAUserTyped() throws Exception {
    Document page = opened(HtmlReportTest.hostile(), "#large-0");
    assertThat(page.title()).startsWith("\"><script>"); // it would be "owned" if the script had run
    assertThat(page.select("#large-title").text()).startsWith("\"><script>");
    assertThat(page.select("img[src=x], [onerror], [onclick]")).isEmpty();
  }

  /** Returns the document after the page's script has run. */
  private Document opened(ReportFixture fixture, String fragment)
      throws IOException, InterruptedException {
    Path page = folder.resolve("index.html");
    Files.writeString(page, ReportFixture.html(fixture.report()));
    Path dump = folder.resolve("dump.html");
    Path log = folder.resolve("browser.log");
    List<String> command = new ArrayList<>();
    command.add(browser().toString());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox", // CI runs as root in a container, where the sandbox of Chromium cannot
            // start
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + folder.resolve("profile"),
            "--virtual-time-budget=2000",
            "--dump-dom",
            page.toUri() + fragment));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(dump.toFile())
            .redirectError(log.toFile())
            .start();
    boolean ended = process.waitFor(90, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended).as("Chromium ends within 90 s; it said %s", Files.readString(log)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Jsoup.parse(Files.readString(dump));
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
}
