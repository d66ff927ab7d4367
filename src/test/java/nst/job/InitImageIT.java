package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import nst.job.manifest.ManifestTest;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.knob.OptimizerChoices.Bounds;
import nst.model.knob.OptimizerChoices.Optimizer;
import nst.record.RunSummary;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests rows with a start image. */
class InitImageIT {
  @TempDir Path folder;

  @Test
  void aRowStartsFromItsInitImageAndFailsIfThatIsMissing() throws IOException {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .picture("photo.png", 64, 48, 1)
            .picture("painting.png", 56, 56, 2)
            .picture("starts/start.png", 64, 48, 3)
            .column("init", DataTypes.StringType)
            .column("init_image", DataTypes.StringType)
            .row("whole uri", "photo.png", "painting.png", "image", uri("starts/start.png"))
            .row("content", "photo.png", "painting.png", "content", null)
            .row("missing", "photo.png", "painting.png", "image", "starts/none.png")
            .row("relative", "photo.png", "photo.png", "image", "starts/start.png");

    RunSummary summary = run(catalogue.write());

    assertThat(summary.rows()).isEqualTo(new RunSummary.Rows(4, 3, 1, 0, 0));
    Map<String, Row> rows = new SmallRun(folder).metrics();
    Row missing = rows.get("missing");
    assertThat(missing.<String>getAs("error_code")).isEqualTo("NOT_FOUND");
    assertThat(missing.<String>getAs("error_message")).contains("init_image", "starts/none.png");
    for (String id : new String[] {"whole uri", "relative"}) {
      assertThat(difference(picture(rows.get(id)), file("starts/start.png"))).as(id).isLessThan(1);
      assertThat(difference(picture(rows.get(id)), file("photo.png"))).as(id).isGreaterThan(20);
    }
    assertThat(difference(picture(rows.get("content")), file("photo.png"))).isLessThan(1);
  }

  /** One step that is so short that the image hardly changes. */
  private RunSummary run(Path manifest) {
    RunConfig config =
        ManifestTest.config(
            Map.of(
                Knob.IMAGE_SIZE,
                64L,
                Knob.NUM_ITERATIONS,
                1L,
                Knob.OPTIMIZER,
                Optimizer.ADAM,
                Knob.BOUNDS,
                Bounds.PROJECTED,
                Knob.LEARNING_RATE,
                1e-4),
            Map.of());
    return new SmallRun(folder).of(manifest, config);
  }

  private String uri(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private BufferedImage file(String name) throws IOException {
    return ImageIO.read(folder.resolve(name).toFile());
  }

  private static BufferedImage picture(Row row) throws IOException {
    return ImageIO.read(new File(URI.create(row.getAs("output_uri"))));
  }

  /** The mean over pixels and channels, out of 255. */
  private static double difference(BufferedImage a, BufferedImage b) {
    assertThat(a.getWidth()).isEqualTo(b.getWidth());
    assertThat(a.getHeight()).isEqualTo(b.getHeight());
    long sum = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          sum += Math.abs((a.getRGB(x, y) >> shift & 255) - (b.getRGB(x, y) >> shift & 255));
        }
      }
    }
    return sum / (3.0 * a.getWidth() * a.getHeight());
  }
}
