package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.engine.stylenetwork.TestNetworks;
import nst.image.record.ImageRecordReader;
import nst.job.manifest.ManifestTest;
import nst.model.EmbeddedLooks;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.text.Sha256;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that start from a style network, or take its picture. */
class StyleNetworkRowsIT {
  @TempDir Path folder;

  @Test
  void aRowUsesOrRefinesTheNetworksPictureAndFailsIfItsStyleIsUnknown() throws IOException {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .picture("photo.png", 64, 48, 1)
            .picture("painting.png", 56, 56, 2)
            .picture("other.png", 56, 56, 3)
            .column("init", DataTypes.StringType)
            .column("network", DataTypes.StringType)
            .column("num_iterations", DataTypes.IntegerType)
            .row("alone", "photo.png", "painting.png", "network", "networks/n.safetensors", 0)
            .row("refined", "photo.png", "painting.png", "network", "networks/n.safetensors", 3)
            .row("unknown", "photo.png", "other.png", "network", "networks/n.safetensors", 0)
            .row("missing", "photo.png", "painting.png", "network", "networks/none", 0)
            .row("no steps", "photo.png", "painting.png", "content", null, 0)
            .row("embedded", "photo.png", "night.jpg", "network", EmbeddedLooks.NAME, 0);
    catalogue.file("night.jpg", Files.readAllBytes(Path.of("sample-data/style/starry_night.jpg")));
    byte[] network = network();
    catalogue.file("networks/n.safetensors", network);

    RunSummary summary = run(catalogue.write(), ManifestTest.config(Map.of(Knob.IMAGE_SIZE, 64L)));

    assertThat(summary.rows()).isEqualTo(new RunSummary.Rows(6, 3, 3, 0, 0));
    Map<String, Row> rows = metrics();
    Row alone = rows.get("alone");
    Row refined = rows.get("refined");
    for (Row row : List.of(alone, refined)) {
      assertThat(row.<String>getAs("network")).endsWith("/networks/n.safetensors");
      assertThat(row.<String>getAs("network_sha256")).isEqualTo(Sha256.hex(network));
      assertThat(row.<Long>getAs("smallest_size")).isZero();
      assertThat(row.<String>getAs("stop_reason")).isEqualTo("ITERATIONS");
      assertThat(row.getList(row.fieldIndex("input_warnings")))
          .singleElement()
          .asString()
          .contains("network: it was trained for another objective, with content_weight=123");
      assertThat(record(row))
          .contains(
              "\"network\":\"n.safetensors\"",
              "\"network_sha256\":\"" + Sha256.hex(network) + "\"");
    }
    assertThat(rows.get("embedded").<String>getAs("network")).isEqualTo(EmbeddedLooks.NAME);
    assertThat(alone.<Integer>getAs("iterations")).isZero();
    assertThat(refined.<Integer>getAs("iterations")).isEqualTo(3);
    assertThat(refined.<Double>getAs("initial_total_loss"))
        .isEqualTo(alone.<Double>getAs("initial_total_loss"));
    assertThat(refined.<Double>getAs("total_loss")).isLessThan(alone.getAs("total_loss"));
    assertThat(refined.<String>getAs("key")).isNotEqualTo(alone.getAs("key"));
    fails(rows.get("unknown"), "INVALID_PARAMETER", "other.png", Sha256.hex(painting()));
    fails(rows.get("missing"), "NOT_FOUND", "network", "networks/none");
    fails(rows.get("no steps"), "INVALID_PARAMETER", "num_iterations", "init=network allows 0");
  }

  @Test
  void aSampleMeasuresFewRowsAndTheTablesThePageAndTheCheckDoWithoutTheOthers() throws IOException {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .picture("painting.png", 56, 56, 2)
            .column("init", DataTypes.StringType)
            .column("network", DataTypes.StringType)
            .column("num_iterations", DataTypes.IntegerType);
    for (int i = 0; i < 4; i++) {
      String photo = "photo" + i + ".png";
      catalogue
          .picture(photo, 64, 48, i)
          .row(photo, photo, "painting.png", "network", "networks/n.safetensors", 0);
    }
    catalogue.row("refined", "photo0.png", "painting.png", "network", "networks/n.safetensors", 1);
    catalogue.file("networks/n.safetensors", network());
    RunConfig config =
        ManifestTest.config(
            Map.of(Knob.IMAGE_SIZE, 64L),
            Map.of(Setting.MEASURE_LOSSES, Setting.MeasuredRows.SAMPLED));

    RunSummary summary = run(catalogue.write(), config);

    assertThat(summary.rows()).isEqualTo(new RunSummary.Rows(5, 5, 0, 0, 0));
    assertThat(summary.pageFault()).isEmpty();
    int unmeasured = 0;
    for (Row row : metrics().values()) {
      Hyperparameters steps =
          config
              .defaults()
              .with(Knob.INIT, "network")
              .with(Knob.NUM_ITERATIONS, row.getAs("iterations"));
      boolean measured = config.measuresLosses(steps, row.getAs("key"));
      unmeasured += measured ? 0 : 1;
      for (String loss : List.of("content_loss", "total_loss", "initial_total_loss")) {
        assertThat(row.<Double>getAs(loss) != null).as(loss + " of " + row).isEqualTo(measured);
      }
      assertThat(record(row).contains("total_loss")).isEqualTo(measured);
    }
    assertThat(unmeasured).as("all four are sampled in one of 10^8 folders").isPositive();
    Verification verified =
        Verification.of(TestSpark.session(), new SmallRun(folder).output(), Optional.of("run"));
    assertThat(verified.counts()).isEmpty();
    assertThat(verified.checked()).isEqualTo(5);
    OutputLayout layout = new SmallRun(folder).layout();
    assertThat(Files.readString(Path.of(URI.create(layout.report() + "/data/rows-0.js"))))
        .containsPattern("\"total_loss\":\\[[^]]*null");
    assertThat(TestSpark.spark().read().parquet(layout.loss()).select("key").distinct().count())
        .isEqualTo(5 - unmeasured);
  }

  private byte[] painting() throws IOException {
    return Files.readAllBytes(folder.resolve("painting.png"));
  }

  private byte[] network() throws IOException {
    String recipe =
        "{\"looks\":[{\"styles\":[{\"sha256\":\""
            + Sha256.hex(painting())
            + "\",\"weight\":1}]}],\"objective\":{\"content_weight\":\"123\"}}";
    return TestNetworks.file(1, 5, recipe).encoded();
  }

  private static void fails(Row row, String code, String... parts) {
    assertThat(row.<String>getAs("error_code")).isEqualTo(code);
    assertThat(row.<String>getAs("error_message")).contains(parts);
    assertThat(row.<String>getAs("network_sha256")).isNull();
  }

  private static String record(Row row) throws IOException {
    return ImageRecordReader.read(Files.readAllBytes(Path.of(URI.create(row.getAs("output_uri")))))
        .orElseThrow();
  }

  private RunSummary run(Path manifest, RunConfig config) {
    return new SmallRun(folder).of(manifest, config);
  }

  private Map<String, Row> metrics() {
    return new SmallRun(folder).metrics();
  }
}
