package nst.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nst.engine.network.FixtureWeights;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.text.Sha256;
import org.apache.spark.sql.types.DataTypes;

/** Writes small rows for runs on clusters. The rows differ by their seed. */
record SmallCatalogue(Path manifest) {

  /** The size of the smaller rows in pixels. They are cheaper and therefore last. */
  static final int SMALLER = 48;

  /** Writes this many valid rows, one duplicate of the first, and one that fails. */
  static SmallCatalogue of(Path folder, int rows) throws IOException {
    return of(folder, rows, 0);
  }

  /**
   * Does the same with rows of size {@link #SMALLER} among the valid ones.
   *
   * @param smaller the number of smaller rows
   */
  static SmallCatalogue of(Path folder, int rows, int smaller) throws IOException {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .picture("photo.jpg", 64, 48, 1)
            .picture("painting.png", 56, 56, 2)
            .column("seed", DataTypes.LongType)
            .column("image_size", DataTypes.LongType);
    for (long i = 0; i < rows; i++) {
      Long size = i < rows - smaller ? null : (Long) (long) SMALLER;
      catalogue.row("r" + i, "photo.jpg", "painting.png", i, size);
    }
    catalogue.row("again", "photo.jpg", "painting.png", 0L).row("none", "none.jpg", "painting.png");
    return new SmallCatalogue(catalogue.write());
  }

  /**
   * Writes the network that the tests of the engine use to a file. The processes of the tests use
   * the embedded one instead, because each of them takes two seconds to check this file.
   *
   * @return the settings of runs with this network
   */
  static List<String> weights(Path folder) throws IOException {
    Path weights = folder.resolve("vgg19.safetensors");
    FixtureWeights.write(Backbone.VGG19, 1, weights);
    return List.of(
        "--weights",
        weights.toString(),
        "--weights-sha256",
        Sha256.hex(Files.readAllBytes(weights)));
  }

  /** The settings of the runs, which use only the first layer. */
  List<String> run(Path output, String runId, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                manifest.toString(),
                "--output",
                output.toString(),
                "--run-id",
                runId,
                "--run-date",
                "2026-01-01",
                "--image-size",
                "64",
                "--batch-seconds",
                "1",
                "--max-failed-ratio",
                "0.5",
                "--content-layers",
                "relu1_1:1",
                "--style-layers",
                "relu1_1:1"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** Writes three such rows to a folder, and prints the network's digest. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    of(folder, 3);
    System.out.println(weights(folder).get(3));
  }
}
