package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nst.job.TestResults;
import nst.model.Setting;
import nst.model.Setting.ReportLayout;
import nst.model.TransferResult.Status;
import nst.record.ReportedRow;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Uses the page of a generated run in a real browser, opened from disk. */
class ReportPageBrowserIT extends PageInBrowser {
  private static final int ROWS = 500;

  @BeforeAll
  static void start() throws Exception {
    start(new PageRun(folder.resolve("run"), ROWS).write(Map.of()));
  }

  private static List<String> ids() {
    return browser.texts(".card h3");
  }

  @Test
  void showsTheWorstRowsFirst() {
    assertThat(browser.text("#shown")).isEqualTo("1 to 60 of 500 rows");
    assertThat(ids())
        .hasSize(60)
        .startsWith("photo-3", "photo-103", "photo-203", "photo-303", "photo-403", "photo-42");
    assertThat(browser.text("#row-42 .badges")).isEqualTo("OUTLIER: style");
    assertThat(browser.text(".about"))
        .contains("200 of 500 rows have large pictures and curves")
        .contains("5 failed, the 145 worst, and 50 drawn by chance");
    assertThat(browser.texts("#row-42 dt"))
        .containsExactly("content", "style", "loss left", "time");
    assertThat(browser.texts("#row-42 .own li"))
        .containsExactly("album album 6", "shot 2024-05-15");
  }

  @Test
  void showsTheNumbersOfTheSavedImage() {
    var measured = PageRun.row(PageRun.OUTLIER).measured().orElseThrow();
    assertThat(browser.texts("#row-42 .terms dd").get(0))
        .isEqualTo(threeDigits(measured.contentLoss()));
    assertThat(browser.texts("#row-42 .terms dd").get(1))
        .isEqualTo(threeDigits(measured.styleLoss()));
  }

  private static String threeDigits(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  @Test
  void sortsByEveryTermAndByTime() {
    for (String column : List.of("content_loss", "style_loss", "tv_loss", "total_loss", "millis")) {
      browser.choose("#sort", column);
      List<String> highest =
          rows()
              .sorted((a, b) -> Double.compare(value(b, column), value(a, column)))
              .map(ReportedRow::id)
              .limit(60)
              .toList();
      assertThat(ids()).as(column).containsExactlyElementsOf(highest);
    }
    browser.choose("#sort", "id");
    assertThat(ids()).startsWith("photo-0", "photo-1", "photo-2");
    browser.click("#reverse");
    assertThat(ids()).startsWith("photo-499", "photo-498");
  }

  private static Stream<ReportedRow> rows() {
    return IntStream.range(0, ROWS).mapToObj(PageRun::row);
  }

  /** A value of a row; the pictures of skipped rows have the numbers of their record. */
  private static double value(ReportedRow row, String column) {
    var recorded = ReportedRow.Measured.of(TestResults.ok("key")).orElseThrow();
    boolean failed = row.status() == Status.FAILED;
    var values = row.measured().orElse(recorded);
    return switch (column) {
      case "content_loss" -> failed ? -1 : values.contentLoss();
      case "style_loss" -> failed ? -1 : values.styleLoss();
      case "tv_loss" -> failed ? -1 : values.tvLoss();
      case "total_loss" -> failed ? -1 : values.totalLoss();
      default -> row.measured().map(m -> (double) m.timings().totalMs()).orElse(-1.0);
    };
  }

  @Test
  void filtersAndSearches() {
    browser.click("input[name=status][value=failed] + span");
    assertThat(browser.text("#shown")).isEqualTo("1 to 5 of 5 rows found, of 500");
    browser.click("input[name=status][value=\"\"] + span");
    filter("code", "CORRUPT_IMAGE");
    assertThat(ids()).containsExactly("photo-103", "photo-303");
    browser.click("#chips button");
    filter("outlier", "outlier: style");
    assertThat(ids()).containsExactly("photo-42");
    browser.click("#chips button");
    filter("style", "night.jpg");
    filter("knob content_weight", "0.2");
    filter("own album", "album 7");
    assertThat(ids())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            rows()
                .filter(row -> row.row() % 5 == 1 && row.row() / 5 % 4 == 2)
                .filter(row -> row.row() % 12 == 7)
                .map(ReportedRow::id)
                .toList());
    assertThat(browser.texts("#chips button"))
        .containsExactly("style: night.jpg ✕", "content_weight: 0.2 ✕", "album: album 7 ✕");
    for (int i = 0; i < 3; i++) {
      browser.click("#chips button");
    }
    browser.choose("#how", "id");
    browser.choose("#find", "photo-12");
    assertThat(ids()).containsExactly("photo-12");
    browser.choose("#how", "prefix");
    assertThat(browser.text("#shown")).startsWith("1 to 11 of 11 rows found");
    browser.choose("#how", "text");
    browser.choose("#find", "corrupt whole");
    assertThat(ids()).containsExactly("photo-103", "photo-303");
  }

  private static void filter(String column, String value) {
    browser.choose("#column", column);
    String option =
        browser
            .evaluate(
                "Array.from(document.querySelectorAll('#value option')).find((o) =>"
                    + " o.textContent.startsWith('"
                    + value
                    + " (')).value")
            .asText();
    browser.choose("#value", option);
  }

  @Test
  void findsTheRowsOfABar() {
    assertThat(browser.texts("#histograms figcaption"))
        .hasSize(5)
        .anyMatch(text -> text.matches("time ?median .*s"));
    browser.click(".histogram:nth-child(2) .bin:last-child");
    assertThat(ids()).containsExactly("photo-42");
  }

  @Test
  void turnsPages() {
    browser.choose("#sort", "order");
    browser.click("#next-page");
    assertThat(ids()).hasSize(60).startsWith("photo-60");
    browser.choose("#page", "9");
    assertThat(ids()).hasSize(20).endsWith("photo-499");
    browser.choose("#page-size", "240");
    assertThat(ids()).hasSize(240);
    browser.evaluate("location.hash = '#row-490'");
    assertThat(browser.evaluate("document.activeElement.dataset.open").asText()).isEqualTo("490");
  }

  @Test
  void comparesSelectedRowsAndWritesThemAsManifest() throws Exception {
    browser.choose("#sort", "order");
    browser.click("#row-5 .pick input");
    browser.click("#row-11 .pick input");
    assertThat(browser.text("#selected")).isEqualTo("2 selected");
    browser.click("#compare-selected");
    assertThat(browser.texts("#comparison th[scope=col]")).containsExactly("photo-5", "photo-11");
    browser.waitFor(
        "Array.from(document.querySelectorAll('#panes img'), (i) => i.naturalWidth).every("
            + "Boolean)");
    browser.press("Escape");
    browser.evaluate("URL.createObjectURL = (blob) => { window.saved = blob; return '#saved'; }");
    browser.click("#download-ids");
    assertThat(browser.evaluate("window.saved.text()").asText())
        .isEqualTo("id\r\nphoto-5\r\nphoto-11\r\n");
    browser.click("#download-manifest");
    assertThat(browser.evaluate("window.saved.text()").asText())
        .isEqualTo(
            String.join(
                "\r\n",
                "id,content,style,content_weight,album,shot",
                "photo-5,/photos/photo-5.jpg,/paintings/waves.jpg,0.1,album 5,2024-05-6",
                "photo-11,/photos/photo-11.jpg,/paintings/night.jpg,0.2,album 11,2024-05-12",
                ""));
    browser.click("#clear-selection");
    browser.click("#select-found");
    assertThat(browser.text("#selected")).isEqualTo("500 selected");
    assertThat(browser.evaluate("document.querySelector('#compare-selected').disabled").asBoolean())
        .isTrue();
  }

  @Test
  void worksWithTheKeyboard() throws Exception {
    browser.evaluate("document.querySelector('#row-42 .stage').focus()");
    browser.press("Enter");
    assertThat(browser.text("#large-title")).isEqualTo("photo-42");
    assertThat(browser.text("#large-position")).isEqualTo("6 of 500");
    browser.waitFor("document.querySelector('#large-result').src.includes('/pictures/')");
    browser.waitFor("document.querySelectorAll('.curve-part .curve').length > 2");
    assertThat(browser.text(".curve-part")).contains("The curve shows the iterates");
    browser.press("ArrowLeft");
    assertThat(browser.text("#large-title")).isEqualTo("photo-403");
    assertThat(browser.text("#panel")).contains("NOT_FOUND");
    browser.press("ArrowRight");
    browser.press("Escape");
    assertThat(browser.evaluate("document.querySelector('#large').open").asBoolean()).isFalse();
    assertThat(browser.evaluate("document.activeElement.dataset.open").asText()).isEqualTo("42");
    browser.press("Tab"); // the check box of the row
    browser.press(" ");
    assertThat(browser.text("#selected")).isEqualTo("1 selected");
    browser.evaluate("document.querySelector('.bin[tabindex=\"0\"]').focus()");
    browser.press("ArrowRight");
    browser.press("Enter");
    assertThat(browser.texts("#chips button")).hasSize(1);
  }

  @Test
  void hasNoSeriousFaultForPeopleWithDisabilities() throws Exception {
    String axe = axe();
    // axe is slow, so this page has few rows and curves
    URI small =
        new PageRun(folder.resolve("small"), 60).write(Map.of(Setting.REPORT_ROWS, 20L)).toUri();
    for (boolean dark : new boolean[] {false, true}) {
      for (int width : new int[] {360, 1280}) {
        browser.window(width, 900, dark);
        browser.open(small);
        browser.evaluate(axe + "; true");
        browser.choose("#how", "prefix");
        browser.choose("#find", "photo-4"); // eleven rows
        browser.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))");
        browser.click("#row-42 .pick input");
        assertThat(faults("document")).as("page of %s px, dark: %s", width, dark).isEmpty();
        assertThat(
                browser.evaluate("document.documentElement.scrollWidth <= innerWidth").asBoolean())
            .as("no horizontal scrolling at %s px", width)
            .isTrue();
        browser.click("#row-42 .stage");
        browser.waitFor("document.querySelectorAll('.curve-part .curve').length > 2");
        // the page behind the dialog is the one above
        assertThat(faults("'#large'")).as("large view of %s px, dark: %s", width, dark).isEmpty();
      }
    }
  }

  /** Deque's axe-core, as its library for Selenium contains it. */
  private static String axe() throws IOException {
    try (InputStream script = ReportPageBrowserIT.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Only violations: without this option axe also describes what it found to be right. */
  private static String faults(String part) {
    return browser
        .evaluate(
            "axe.run("
                + part
                + ", { resultTypes: ['violations'] }).then((r) => r.violations.filter((v) => ['serious', 'critical'].includes("
                + "v.impact)).map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html + ' ' +"
                + " n.failureSummary).join(' | ')).join('\\n'))")
        .asText();
  }

  /** The texts of a row are shown in the card and in the large view. */
  @Test
  void runsNoScriptThatAUserTyped() {
    String title = browser.evaluate("document.title").asText();
    browser.choose("#sort", "id");
    assertThat(ids()).contains(PageRun.HOSTILE_ID);
    browser.click("#row-" + PageRun.HOSTILE + " .stage");
    assertThat(browser.text("#large-title")).isEqualTo(PageRun.HOSTILE_ID);
    assertThat(browser.text("#panel")).contains("<img src=x");
    assertThat(browser.evaluate("document.title").asText()).isEqualTo(title);
    assertThat(
            browser.evaluate("document.querySelectorAll('img[src=x], [onerror]').length").asInt())
        .isZero();
  }

  @Test
  void isOneFileIfTheConfigurationSaysSo() throws Exception {
    Path written =
        new PageRun(folder.resolve("file"), 60)
            .write(Map.of(Setting.REPORT_LAYOUT, ReportLayout.FILE, Setting.REPORT_ROWS, 40L));
    try (var files = Files.list(written.getParent())) {
      assertThat(files).containsExactly(written);
    }
    Path alone = Files.createDirectory(folder.resolve("alone")).resolve("page.html");
    Files.move(written, alone);
    browser.open(alone.toUri());
    assertThat(browser.text("#shown")).isEqualTo("1 to 60 of 60 rows");
    browser.evaluate("location.hash = '#large-42'");
    browser.waitFor("document.querySelector('#large-result').naturalWidth > 0");
    browser.waitFor("document.querySelectorAll('.curve-part .curve').length > 2");
    assertThat(browser.requests())
        .filteredOn(uri -> uri.startsWith("file:") && !uri.contains("/images/v1/"))
        .allMatch(uri -> uri.startsWith(alone.toUri().toString()));
  }

  @Test
  void opensTenThousandRowsThatWereWrittenWithASmallHeap() throws Exception {
    Path output = folder.resolve("many");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                "target/classes:target/test-classes:"
                    + Files.readString(Path.of("target/test-classpath")).strip(),
                PageRun.class.getName(),
                output.toString(),
                "10000",
                "0")
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    Path index = output.resolve("runs/run_date=2026-01-01/run_id=large/report/index.html");
    assertThat(index).satisfies(file -> assertThat(Files.size(file)).isLessThan(2_000_000));
    browser.open(index.toUri());
    assertThat(browser.text("#shown")).isEqualTo("1 to 60 of 10,000 rows");
    assertThat(ids()).startsWith("photo-3");
    assertThat(browser.evaluate("document.querySelectorAll('*').length").asInt())
        .isLessThan(10_000);
    browser.choose("#page", "167");
    assertThat(browser.text("#shown")).isEqualTo("9,961 to 10,000 of 10,000 rows");
    browser.choose("#how", "id");
    browser.choose("#find", "photo-7777");
    assertThat(ids()).containsExactly("photo-7777");
  }
}
