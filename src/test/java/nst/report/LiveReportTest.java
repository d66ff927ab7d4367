package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import nst.report.LiveReport.Counts;
import nst.report.LiveReport.State;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

class LiveReportTest {
  private static final String ATTACK = "<script>alert(1)</script>\" onerror=\"alert(2)";

  private static Document page(State state) throws IOException {
    PageImage picture = PageImage.jpeg(new byte[] {1, 2, 3}, 20, 10);
    StringWriter page = new StringWriter();
    new LiveReport(
            "night",
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T01:02:03Z"),
            Duration.ofMinutes(1),
            state,
            new Counts(12_000, 4000, 3, 400, 72_000),
            Map.of("NOT_FOUND", 2L, "EMPTY", 1L),
            List.of(new LiveReport.InWork(ATTACK, 12, 30, 0.123456, picture)),
            List.of(
                new LiveReport.Failed(
                    ATTACK, "NOT_FOUND", "https://b/photo.jpg?X-Amz-Signature=secret " + ATTACK)),
            List.of(new LiveReport.Done(ATTACK, "../images/v1/00/00ff.png", List.of())))
        .write(page);
    assertThat(page.toString()).doesNotContain("secret");
    return Jsoup.parse(page.toString());
  }

  @Test
  void textOfUsersIsOnlyText() throws IOException {
    Document page = page(State.RUNNING);

    assertThat(page.select("script, [onerror]")).isEmpty();
    assertThat(page.select(".card h3").eachText()).containsExactly(ATTACK, ATTACK);
    assertThat(page.select("#failures li b").text()).isEqualTo(ATTACK);
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .startsWith("default-src 'none';");
  }

  @Test
  void aRunningRunSaysHowFarItIs() throws IOException {
    Document page = page(State.RUNNING);

    assertThat(page.title()).isEqualTo("4,003 of 12,000 rows · night");
    assertThat(page.select("meta[http-equiv=refresh]").attr("content")).isEqualTo("60");
    assertThat(page.select(".masthead > .banner").text()) // inside the page's margins
        .contains("In progress.", "every 1 min 00 s, last at 2026-01-01 01:02:03 UTC");
    assertThat(page.select(".figures dt").eachText())
        .contains("failed: EMPTY 1, NOT_FOUND 2", "left, predicted");
    assertThat(page.select("#in-work .caption p").text())
        .isEqualTo("step 12 of 30, total loss 0.123");
    assertThat(page.select("#failures .more").text())
        .isEqualTo("Not on this page: 2 earlier failures.");
    assertThat(page.select("#pictures .lead").text())
        .isEqualTo("Not on this page: 3,999 earlier pictures.");
  }

  @Test
  void aRunThatStoppedIsNotLoadedAgain() throws IOException {
    Document page = page(State.STOPPED);

    assertThat(page.select("meta[http-equiv=refresh]")).isEmpty();
    assertThat(page.select(".banner").text()).contains("The run has stopped.");
    assertThat(page.select(".figures dt").eachText()).doesNotContain("left, predicted");
  }
}
