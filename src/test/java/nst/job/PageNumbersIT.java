package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/** Compares the numbers of the page with those of the saved images. */
class PageNumbersIT extends RunFixture {
  private static final List<String> TERMS =
      List.of("content_loss", "style_loss", "tv_loss", "total_loss");

  @Test
  void areThoseOfTheSavedImageAndNotOfTheLastIterate() throws IOException {
    TestCatalogue catalogue =
        pictures()
            .column("keep", DataTypes.StringType)
            .column("original_colors", DataTypes.StringType)
            .row("best", "photo.jpg", "painting.png", "best", null)
            .row("average", "photo.jpg", "painting.png", "average", null)
            .row("luminance", "photo.jpg", "painting.png", null, "luminance_oklab")
            .row("match", "photo.jpg", "painting.png", null, "match");
    var manifest = catalogue.write();
    assertThat(run(manifest, "--run-id", "made").exitCode()).isZero();
    assertThat(run(manifest, "--run-id", "skipped").exitCode()).isZero();

    List<Row> metrics = metrics("made").orderBy("row").collectAsList();
    for (String runId : List.of("made", "skipped")) { // skipped: from the record in the image
      String script = Files.readString(runFolder(runId).resolve("report/data/rows-0.js"));
      JsonNode page = json(script.substring(script.indexOf('{'), script.lastIndexOf('}') + 1));
      for (Row row : metrics) {
        int number = Math.toIntExact(row.getAs("row"));
        for (String term : TERMS) {
          double saved = row.getAs(term);
          assertThat(page.get(term).get(number).asDouble())
              .as("%s of %s, %s", term, row.getAs("id"), runId)
              .isCloseTo(saved, within(1e-5 * saved));
        }
      }
    }
    for (String id : List.of("average", "luminance")) {
      Row row = metrics.stream().filter(r -> r.getAs("id").equals(id)).findFirst().orElseThrow();
      Row last =
          losses("made")
              .where("key = '" + row.<String>getAs("key") + "'")
              .orderBy(col("iteration").desc())
              .head();
      double saved = row.getAs("style_loss");
      assertThat(last.<Double>getAs("style_loss"))
          .as("the last iterate of %s", id)
          .isNotCloseTo(saved, within(0.001 * saved));
    }
  }
}
