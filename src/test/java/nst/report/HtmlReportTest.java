package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.record.RunSummary;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final String HOSTILE =
      "\"><script>document.title='owned'</script><img src=x onerror=alert(1)>' onclick='alert(2)'"
          + " </style></title></textarea>--> ${7*7} <#stop> &lt;b&gt;";

  private static Document parsed(ReportFixture fixture) {
    return Jsoup.parse(ReportFixture.html(fixture.report()));
  }

  @Test
  void isWellFormed() {
    Parser parser = Parser.htmlParser().setTrackErrors(50);
    parser.parseInput(ReportFixture.html(ReportFixture.ofEveryStatus().report()), "");
    assertThat(parser.getErrors()).isEmpty();
  }

  @Test
  void givesNoTwoElementsOneId() {
    List<String> ids = parsed(ReportFixture.ofEveryStatus()).select("[id]").eachAttr("id");
    assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void isTheSamePageForTheSameRun() {
    assertThat(ReportFixture.html(ReportFixture.ofEveryStatus().report()))
        .isEqualTo(ReportFixture.html(ReportFixture.ofEveryStatus().report()));
  }

  @Test
  void loadsNothingFromOutside() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("[src]").eachAttr("src")).allMatch(uri -> uri.startsWith("data:image/"));
    assertThat(page.select("link").eachAttr("href")).allMatch(uri -> uri.startsWith("data:image/"));
    assertThat(page.select("a").eachAttr("href"))
        .allMatch(uri -> uri.startsWith("#") || uri.startsWith("../../../../images/v1/"));
    assertThat(page.select("[srcset], [poster], [action], [data], iframe, object, embed, base"))
        .isEmpty();
    assertThat(page.select("style").html()).doesNotContain("url(").doesNotContain("@import");
    assertThat(page.select("script").last().data())
        .doesNotContain("fetch(")
        .doesNotContain("XMLHttpRequest")
        .doesNotContain("innerHTML");
  }

  @Test
  void allowsOnlyItsOwnStyleAndScript() throws Exception {
    Document page = parsed(ReportFixture.ofEveryStatus());
    String policy = page.selectFirst("meta[http-equiv=Content-Security-Policy]").attr("content");
    assertThat(policy)
        .startsWith("default-src 'none'; img-src data:;")
        .contains("style-src '" + digest(page.selectFirst("style").data()) + "';")
        .contains("script-src '" + digest(page.select("script").last().data()) + "';")
        .doesNotContain("unsafe");
    assertThat(page.select("[style]")).isEmpty();
  }

  private static String digest(String text) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }

  @Test
  void keepsInertWhateverAUserTyped() {
    ReportFixture fixture = hostile();
    Document page = parsed(fixture);

    Element head = page.head();
    assertThat(page.select("script:not([type=text/plain])")).hasSize(1);
    assertThat(page.select("script").eachAttr("src")).isEmpty();
    assertThat(page.select("img[src=x]")).isEmpty();
    assertThat(page.select("[^on]")).isEmpty();
    assertThat(head.select("title").text()).contains("<script>").contains("${7*7}");
    assertThat(page.select("h1").text()).isEqualTo(HOSTILE);
    assertThat(page.select(".card h3").eachText()).containsOnly(HOSTILE);
    assertThat(page.select("#failures li span").text()).contains("<#stop>").contains("&lt;b&gt;");
    assertThat(page.select("#values td.value").eachText()).contains(HOSTILE);
  }

  /** A run in which every text of users is an attack. */
  static ReportFixture hostile() {
    ReportFixture fixture = new ReportFixture();
    fixture.runId = HOSTILE;
    fixture.manifest = HOSTILE;
    fixture.preset = HOSTILE;
    fixture.network = ReportFixture.network(HOSTILE, HOSTILE, true, "assumed");
    fixture.settings.add(new RunReport.Setting(HOSTILE, HOSTILE, HOSTILE));
    fixture.versions.put(HOSTILE, HOSTILE);
    ReportRow.Source source =
        new ReportRow.Source(HOSTILE, Optional.of(ReportFixture.picture(Color.RED)));
    fixture.rows.add(
        new ReportRow(
            HOSTILE,
            HOSTILE,
            Status.OK,
            Optional.empty(),
            source,
            List.of(new ReportRow.StyleSource(source, 0.5), new ReportRow.StyleSource(source, 0.5)),
            Map.of(HOSTILE, HOSTILE),
            "",
            Optional.of(
                new ReportRow.Result(
                    6,
                    4,
                    1,
                    HOSTILE,
                    ReportFixture.picture(Color.GREEN),
                    ReportFixture.picture(Color.BLUE),
                    Optional.empty())),
            ReportFixture.losses(20),
            Timings.NONE,
            List.of(HOSTILE)));
    fixture.rows.add(ReportFixture.failed(HOSTILE, ErrorCode.INTERNAL, HOSTILE));
    return fixture;
  }

  @Test
  void tellsWhatDecodingTheInputsHadToSay() {
    ReportFixture fixture = new ReportFixture();
    fixture.rows.add(ReportFixture.ok("a", "a.jpg", "b.png", Map.of()));
    Element panel = Jsoup.parse(ReportFixture.html(fixture.report())).getElementById("panel-0");
    assertThat(panel.select(".facts div:has(dt:containsOwn(Input warning)) dd").text())
        .isEqualTo("content: EXIF is damaged and was ignored");
  }

  @Test
  void tellsNoPresignedUrlAndNoUserInfo() {
    ReportFixture fixture = new ReportFixture();
    fixture.manifest = "https://store/m.parquet?X-Amz-Signature=PLANTED";
    fixture.settings.add(
        new RunReport.Setting("weights.path", "https://me:PLANTED@store/w?sig=PLANTED", "--set"));
    fixture.rows.add(
        ReportFixture.ok("a", "a.jpg?X-Amz-Signature=PLANTED", "b.png?sig=PLANTED", Map.of()));
    fixture.rows.add(
        ReportFixture.failed(
            "c", ErrorCode.ACCESS_DENIED, "Cannot read https://store/c.jpg?sig=PLANTED: denied"));

    assertThat(ReportFixture.html(fixture.report()))
        .doesNotContain("PLANTED")
        .contains("Cannot read https://store/c.jpg denied");
  }

  @Test
  void showsTheFourCounts() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select(".outcomes .ok b").text()).isEqualTo("2");
    assertThat(page.select(".outcomes .failed b").text()).isEqualTo("2");
    assertThat(page.select(".outcomes .skipped b").text()).isEqualTo("1");
    assertThat(page.select(".outcomes .duplicate b").text()).isEqualTo("1");
    assertThat(page.select(".banner.wrong")).isEmpty();
  }

  @Test
  void criesOutWhenRowsAreMissing() {
    ReportFixture fixture = ReportFixture.ofEveryStatus();
    fixture.counts = Optional.of(new RunSummary.Rows(7, 2, 2, 1, 1));
    assertThat(parsed(fixture).select(".banner.wrong").text())
        .contains("The manifest has 7 rows, but 6 are accounted for.");
  }

  @Test
  void namesAnUntrainedNetwork() {
    assertThat(parsed(ReportFixture.ofEveryStatus()).select(".masthead .banner").text())
        .contains("The network is untrained: pictures take colours and textures");
  }

  @Test
  void warnsOfNothingWhereTheNetworkIsTrained() {
    ReportFixture fixture = ReportFixture.ofEveryStatus();
    fixture.network = ReportFixture.network("vgg19 (vgg19.safetensors)", "ab12", true, "metadata");
    Document page = parsed(fixture);
    assertThat(page.select(".masthead .banner")).isEmpty();
    assertThat(page.select("#values").text()).contains("ab12");
  }

  @Test
  void listsEveryFailureUnderItsCode() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("details.failures summary code").eachText())
        .containsExactly("CORRUPT_IMAGE", "NOT_FOUND");
    assertThat(page.select("details.failures").last().text())
        .contains(ErrorCode.NOT_FOUND.meaning())
        .contains("gone")
        .contains("expected an object, none was there");
    assertThat(page.select("details.failures li a").eachAttr("href"))
        .containsExactly("#row-3", "#row-2");
  }

  @Test
  void saysHowManyFailuresAreNotOnThePage() {
    ReportFixture fixture = ReportFixture.ofEveryStatus();
    fixture.failures.put(ErrorCode.NOT_FOUND, 1200L);
    fixture.failures.put(ErrorCode.TIMEOUT, 3L);
    fixture.rowsNotShown = 48_211;
    Document page = parsed(fixture);
    assertThat(page.select("#failures .more").eachText())
        .containsExactly("1,199 more in the metrics table", "3 more in the metrics table");
    assertThat(page.select("#pictures .more").text()).startsWith("48,211 more rows");
  }

  @Test
  void showsEachRowOnceWithWhatDiffersInIt() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select(".card h3").eachText())
        .containsExactly("kitten", "kitten, lighter", "gone", "cut", "before", "twice");
    assertThat(page.select(".card .knobs li").eachText()).containsExactly("style_weight 0.5");
    assertThat(page.select("#row-4 .share").eachText()).containsExactly("75 %", "25 %");
  }

  @Test
  void keepsALongListOfKnobsForTheLargeView() {
    Map<String, String> knobs = new TreeMap<>();
    for (int i = 0; i < 9; i++) {
      knobs.put("knob_" + i, "" + i);
    }
    ReportFixture fixture = new ReportFixture();
    fixture.rows.add(ReportFixture.ok("a", "k.jpg", "w.png", knobs));
    Document page = parsed(fixture);
    assertThat(page.select(".card .knobs li"))
        .hasSize(7)
        .last()
        .extracting(Element::text)
        .isEqualTo("3 more");
    assertThat(page.select("template .knobs li")).hasSize(9);
  }

  @Test
  void carriesAPictureOnceThatManyRowsShare() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("img[src]").eachAttr("src")).doesNotHaveDuplicates();
    assertThat(page.select("img[data-same]"))
        .isNotEmpty()
        .allMatch(image -> page.getElementById(image.attr("data-same")).hasAttr("src"));
  }

  @Test
  void describesEveryPicture() {
    assertThat(parsed(ReportFixture.ofEveryStatus()).select("main img").eachAttr("alt"))
        .allMatch(text -> !text.isBlank())
        .contains("Content kitten.jpg", "Style waves.png", "Result of kitten");
  }

  @Test
  void saysWhereEachValueCameFrom() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("#values tbody tr").eachText())
        .anyMatch(
            text -> text.startsWith("image_size 256 --image-size length in pixels of the side"))
        .anyMatch(text -> text.startsWith("style_weight 1.0 default"));
    assertThat(page.select("details.defaults tbody th").eachText())
        .containsExactly("content_weight", "style_weight");
  }

  @Test
  void drawsACurveOfEachTermForEachRowWithLosses() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("#losses .plot")).hasSize(4);
    assertThat(page.select("#losses polyline").eachAttr("data-row"))
        .containsExactly("0", "1", "0", "1", "0", "1", "0", "1");
    assertThat(page.select(".card .sparkline")).hasSize(2);
  }

  @Test
  void tellsWhereTheTimeWent() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("#throughput dl").text())
        .contains("images an hour 612")
        .contains("devices at work, on average 1.84")
        .contains("devices 2 × cpu")
        .contains("at 1.20 a device-hour 0.134");
    assertThat(page.select("#throughput tbody tr").get(2).text())
        .isEqualTo("optimize 99 % 18.0 s 9.0 s");
  }

  @Test
  void rendersARunWithoutRows() {
    Document page = parsed(new ReportFixture());
    assertThat(page.select(".card, #losses, #sweep, #failures")).isEmpty();
    assertThat(page.select(".outcomes .ok b").text()).isEqualTo("0");
  }

  @Test
  void laysASweepOutWithItsKnobsAsAxes() {
    ReportFixture fixture = new ReportFixture();
    fixture.rows.add(ReportFixture.ok("a", "k.jpg", "w.png", Map.of()));
    fixture.rows.add(ReportFixture.ok("b", "k.jpg", "w.png", Map.of("style_weight", "10")));
    fixture.rows.add(ReportFixture.ok("c", "k.jpg", "w.png", Map.of("style_weight", "100")));
    Document page = parsed(fixture);
    assertThat(page.select(".sweep thead th").eachText()).containsExactly("1", "10", "100");
    assertThat(page.select(".sweep img").eachAttr("alt"))
        .containsExactly("Result of a", "Result of b", "Result of c");
  }
}
