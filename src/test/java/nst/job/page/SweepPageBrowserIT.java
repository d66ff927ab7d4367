package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nst.record.ReportedRow.Measured;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Uses the sweep on the page of a generated run in a real browser, opened from disk. */
class SweepPageBrowserIT extends PageInBrowser {
  @BeforeAll
  static void start() throws Exception {
    start(SweptRun.write(folder.resolve("run")));
  }

  private static String cell(int row) {
    return "#grid .cell[data-open=\"" + row + "\"]";
  }

  private static String threeDigits(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  private static boolean is(String expression) {
    return browser.evaluate(expression).asBoolean();
  }

  @Test
  void opensWithAGridOfTheUnweightedTerms() {
    assertThat(is("document.querySelector('main > section').id === 'sweep'")).isTrue();
    assertThat(browser.texts("#grid .cell")).hasSize(500);
    assertThat(browser.texts("#grid thead th")).hasSize(SweptRun.WEIGHTS).startsWith("0.01");
    assertThat(browser.texts("#grid tbody th")).hasSize(SweptRun.SCALES).startsWith("0.5", "0.6");
    assertThat(browser.texts("#others select option"))
        .as("the axis that is neither across nor down")
        .containsExactly("any", "last", "best");
    Measured measured = SweptRun.row(42).measured().orElseThrow();
    assertThat(browser.text(cell(42)))
        .contains("content " + threeDigits(measured.contentLoss()))
        .contains("style " + threeDigits(measured.styleLoss()))
        .doesNotContain("total, weighted");
    assertThat(browser.texts("#grid .cell")).noneMatch(text -> text.contains("77,"));
    assertThat(browser.text("#sweep-about")).contains("unweighted and normalised");
  }

  @Test
  void showsOtherAxesAndValues() {
    browser.choose("#across", "style_scale");
    assertThat(browser.text("#grid caption")).startsWith("style_scale across, content_weight down");
    browser.choose("#down", "keep");
    assertThat(browser.texts("#grid tbody th")).containsExactly("last");
    browser.choose("#others select", "-1"); // any content weight
    assertThat(browser.texts("#grid tbody th")).containsExactly("last", "best");
    assertThat(browser.texts("#grid .more-rows")).contains("22 more rows", "7 more rows");
    browser.choose("#down", "");
    browser.choose("#others select[data-axis=keep]", "1");
    assertThat(browser.text("#sweep-shown")).startsWith("3 of 510");
    browser.choose("#sweep-view", "scatter");
    assertThat(browser.text("#no-cells")).contains("needs two axes");
    browser.choose("#down", "content_weight");
    assertThat(browser.texts("#scatter-part .point")).hasSize(10);
  }

  @Test
  void marksTheParetoFrontAndShowsItsPictures() {
    assertThat(browser.texts("#front-strip .cell")).hasSize(SweptRun.WEIGHTS);
    assertThat(browser.text("#front-about")).startsWith("510 rows, 25 on the Pareto front");
    assertThat(browser.texts("#grid .badge.front")).hasSize(SweptRun.WEIGHTS);
    assertThat(browser.text(cell(SweptRun.BEST))).contains("PARETO");
    assertThat(browser.texts("#term-plots figcaption"))
        .hasSize(9)
        .contains("content over content_weight", "style over keep");
    assertThat(browser.texts("#next-sentences li"))
        .anyMatch(text -> text.startsWith("content_weight: the best rows are inside"));
    assertThat(browser.text("#next-line"))
        .startsWith("./submit.sh sweep --content /p/lake.jpg --style /s/waves.jpg --grid ")
        .contains("keep=last")
        .contains("--run --output ");
    browser.evaluate("document.querySelector('#front-chart .point.on-front').focus()");
    browser.press("ArrowRight");
    browser.press("Enter");
    assertThat(browser.text("#large-title"))
        .as("the second row of the front by its content term")
        .isEqualTo("lake-waves-" + (23 * SweptRun.SCALES + SweptRun.FRONT_SCALE));
  }

  @Test
  void worksWithTheKeyboard() {
    browser.evaluate("document.querySelector('" + cell(0) + "').focus()");
    browser.press("ArrowRight");
    browser.press("ArrowDown");
    assertThat(browser.evaluate("document.activeElement.dataset.open").asInt())
        .as("one weight and one scale further")
        .isEqualTo(SweptRun.SCALES + 1);
    browser.press("Enter");
    assertThat(browser.text("#large-position")).endsWith(" of 500");
    browser.press("ArrowRight");
    browser.press("Escape");
    assertThat(browser.evaluate("document.activeElement.dataset.open").asInt())
        .as("the next row in the table")
        .isEqualTo(2 * SweptRun.SCALES + 1);
    browser.press("Tab");
    browser.press(" ");
    assertThat(browser.text("#selected")).isEqualTo("1 selected");
  }

  @Test
  void comparesTwoAndFourPicturesWithOneZoom() throws Exception {
    for (int row : new int[] {0, 1}) {
      browser.click("#grid [data-pick=\"" + row + "\"]");
    }
    browser.click("#compare-selected");
    browser.waitFor("[...document.querySelectorAll('#panes img')].every((i) => i.naturalWidth)");
    assertThat(browser.texts("#panes figcaption")).hasSize(2);
    List<String> whole = transforms();
    browser.press("+");
    browser.press("ArrowRight");
    List<String> zoomed = transforms();
    assertThat(browser.text("#zoom-level")).isEqualTo("1.5×");
    assertThat(zoomed.get(0)).isEqualTo(zoomed.get(1)).isNotEqualTo(whole.get(0));
    browser.press("0");
    assertThat(transforms()).isEqualTo(whole);
    browser.press("Escape");
    for (int row : new int[] {2, 3}) {
      browser.click("#grid [data-pick=\"" + row + "\"]");
    }
    browser.click("#compare-selected");
    browser.evaluate(
        "document.querySelector('#panes .pane-frame').dispatchEvent(new WheelEvent('wheel',"
            + " { deltaY: -300, bubbles: true, cancelable: true, clientX: 200, clientY: 200 }))");
    assertThat(transforms())
        .hasSize(4)
        .containsOnly(transforms().get(0))
        .doesNotContain(whole.get(0));
    assertThat(browser.texts("#comparison th[scope=row]")).contains("style_scale", "content");
  }

  private static List<String> transforms() {
    browser.evaluate(
        "document.body.dataset.transforms = [...document.querySelectorAll('#panes img')].map((i) =>"
            + " getComputedStyle(i).transform).join(';')");
    return List.of(browser.evaluate("document.body.dataset.transforms").asText().split(";"));
  }

  @Test
  void showsSamplesAsAScatter() throws Exception {
    Path samples = new PageRun(folder.resolve("samples"), 40, SweptRun::sample).write(Map.of());
    browser.open(samples.toUri());
    assertThat(is("document.querySelector('#grid-part').hidden")).isTrue();
    assertThat(browser.texts("#scatter-part .point.with-picture")).hasSize(40);
    assertThat(browser.text("#next-line")).contains("--samples 40");
    browser.click("#scatter-part .point[data-open=\"39\"]");
    assertThat(browser.text("#large-title")).isEqualTo("sample-39");
  }

  @Test
  void hasNoSeriousFaultForPeopleWithDisabilities() throws Exception {
    String axe;
    try (InputStream script = SweepPageBrowserIT.class.getResourceAsStream("/axe.min.js")) {
      axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (boolean dark : new boolean[] {false, true}) {
      for (int width : new int[] {360, 1280}) {
        browser.window(width, 900, dark);
        browser.open(page);
        browser.evaluate(axe + "; true");
        browser.choose("#down", ""); // 25 cells
        for (int row : new int[] {7, 27, 47, 67}) {
          browser.evaluate("document.querySelector('#grid [data-pick=\"" + row + "\"]').click()");
        }
        assertThat(is("document.documentElement.scrollWidth <= innerWidth"))
            .as("no horizontal scrolling at %s px", width)
            .isTrue();
        // axe is slow, and the other columns and pictures are alike
        browser.evaluate(
            "document.querySelectorAll('#grid tr > :nth-child(n + 6), #front-strip >"
                + " :nth-child(n + 5)').forEach((e) => e.remove())");
        assertThat(browser.texts("#grid .cell")).hasSizeBetween(3, 5);
        assertThat(browser.texts("#front-strip .cell")).hasSize(4);
        assertThat(faults("#sweep")).as("sweep of %s px, dark: %s", width, dark).isEmpty();
        browser.click("#compare-selected");
        assertThat(faults("#compare")).as("compare of %s px, dark: %s", width, dark).isEmpty();
      }
    }
  }

  private static String faults(String part) throws IOException {
    return browser
        .evaluate(
            "axe.run('"
                + part
                + "', { resultTypes: ['violations'] }).then((r) => r.violations.filter((v) => ['serious', 'critical'].includes("
                + "v.impact)).map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html + ' ' +"
                + " n.failureSummary).join(' | ')).join('\\n'))")
        .asText();
  }
}
