package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;
import nst.record.RunSummary;
import nst.report.row.PageRow;
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
    assertThat(page.select("[src]").eachAttr("src")).containsExactly("data/rows-0.js");
    assertThat(page.select("link").eachAttr("href")).allMatch(uri -> uri.startsWith("data:image/"));
    assertThat(page.select("a").eachAttr("href")).allMatch(uri -> uri.startsWith("#"));
    assertThat(page.select("[srcset], [poster], [action], [data], iframe, object, embed, base"))
        .isEmpty();
    assertThat(page.select("style").html()).doesNotContain("url(").doesNotContain("@import");
    assertThat(page.selectFirst("script:not([src])").data())
        .doesNotContain("fetch(")
        .doesNotContain("XMLHttpRequest")
        .doesNotContain("innerHTML");
  }

  @Test
  void allowsOnlyItsOwnStyleAndScript() throws Exception {
    Document page = parsed(ReportFixture.ofEveryStatus());
    String policy = page.selectFirst("meta[http-equiv=Content-Security-Policy]").attr("content");
    assertThat(policy)
        .startsWith("default-src 'none'; img-src 'self' data:;")
        .contains("style-src '" + digest(page.selectFirst("style").data()) + "';")
        .contains(
            "script-src 'self' '" + digest(page.selectFirst("script:not([src])").data()) + "';")
        .doesNotContain("unsafe");
    assertThat(page.select("[style]")).isEmpty();
  }

  private static String digest(String text) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }

  @Test
  void textOfAUserIsNeverExecuted() {
    ReportFixture fixture = hostile();
    Document page = parsed(fixture);

    Element head = page.head();
    assertThat(page.select("script")).hasSize(2);
    assertThat(page.select("script").eachAttr("src")).containsExactly("data/rows-0.js");
    assertThat(page.select("img[src=x]")).isEmpty();
    assertThat(page.select("[^on]")).isEmpty();
    assertThat(head.select("title").text()).contains("<script>").contains("${7*7}");
    assertThat(page.select("h1").text()).isEqualTo(HOSTILE);
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
    fixture.curves.add(new RunReport.Curve(0, HOSTILE, ReportFixture.losses(20)));
    fixture.rows.add(
        ReportFixture.row(
            0,
            HOSTILE,
            Status.OK,
            Optional.empty(),
            HOSTILE,
            List.of(new PageRow.Style(HOSTILE, 0.5, HOSTILE, HOSTILE)),
            Map.of(HOSTILE, HOSTILE),
            Optional.empty()));
    fixture.rows.add(ReportFixture.failed(1, HOSTILE, ErrorCode.INTERNAL, HOSTILE));
    return fixture;
  }

  @Test
  void printsNoPresignedUrlAndNoUserInfo() {
    ReportFixture fixture = new ReportFixture();
    fixture.manifest = "https://store/m.parquet?X-Amz-Signature=PLANTED";
    fixture.settings.add(
        new RunReport.Setting("weights.path", "https://me:PLANTED@store/w?sig=PLANTED", "--set"));
    fixture.rows.add(
        ReportFixture.ok(0, "a", "a.jpg?X-Amz-Signature=PLANTED", "b.png?sig=PLANTED", Map.of()));
    fixture.rows.add(
        ReportFixture.failed(
            1,
            "c",
            ErrorCode.ACCESS_DENIED,
            "Cannot read https://store/c.jpg?sig=PLANTED: denied"));

    RunReport report = fixture.report();
    assertThat(ReportFixture.html(report))
        .doesNotContain("PLANTED")
        .contains("Cannot read https://store/c.jpg denied");
    assertThat(((ReportFixture.MemoryParts) report.parts()).data.get("rows-0"))
        .doesNotContain("PLANTED")
        .contains("Cannot read https://store/c.jpg denied", "content/a.jpg");
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
  void failsIfRowsAreMissing() {
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
    Document page = parsed(fixture);
    assertThat(page.select("#failures .more").eachText())
        .containsExactly("1,199 more in the metrics table", "3 more in the metrics table");
  }

  @Test
  void saysWhichRowsItShows() {
    assertThat(parsed(ReportFixture.ofEveryStatus()).select("#pictures .about").text())
        .contains("All rows have large pictures and curves.")
        .contains("All numbers are those of the saved images.");
  }

  @Test
  void labelsCurvesAsThoseOfTheIterates() {
    Element losses = parsed(ReportFixture.ofEveryStatus()).getElementById("losses");
    assertThat(losses.select("h2").text()).isEqualTo("Iterates");
    assertThat(losses.select(".lead").text()).contains("not the losses of the saved image");
  }

  @Test
  void foldsValuesAndProvenance() {
    assertThat(
            parsed(ReportFixture.ofEveryStatus()).select("#values details summary h3").eachText())
        .containsExactly("Provenance", "Set for this run", "At their defaults");
    assertThat(parsed(ReportFixture.ofEveryStatus()).select("#values details[open]")).isEmpty();
  }

  @Test
  void saysWhereEachValueCameFrom() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("#values tbody tr").eachText())
        .anyMatch(
            text -> text.startsWith("image_size 256 --image-size length in pixels of the side"))
        .anyMatch(text -> text.startsWith("style_weight 1.0 default"));
    assertThat(page.select("details.defaults").last().select("tbody th").eachText())
        .containsExactly("content_weight", "style_weight");
  }

  @Test
  void drawsACurveOfEachTermForEachRowWithLosses() {
    Document page = parsed(ReportFixture.ofEveryStatus());
    assertThat(page.select("#losses .plot")).hasSize(4);
    assertThat(page.select("#losses polyline").eachAttr("data-row"))
        .containsExactly("0", "1", "0", "1", "0", "1", "0", "1");
    assertThat(page.select("#chosen option").eachText())
        .containsExactly("no row", "kitten", "kitten, lighter");
  }

  @Test
  void reportsTheTimeOfEachStage() {
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
    assertThat(page.select(".tools, #losses, #sweep, #failures")).isEmpty();
    assertThat(page.select(".outcomes .ok b").text()).isEqualTo("0");
  }

  @Test
  void beginsWithTheSweepIfTheRowsAreOne() {
    ReportFixture fixture = ReportFixture.ofEveryStatus();
    assertThat(parsed(fixture).select("main > section").eachAttr("id"))
        .startsWith("pictures")
        .doesNotContain("sweep");
    fixture.isSweep = true;
    assertThat(parsed(fixture).select("main > section").eachAttr("id"))
        .startsWith("sweep", "pictures");
    assertThat(parsed(fixture).select("nav.sections a").eachText()).startsWith("Sweep");
  }
}
