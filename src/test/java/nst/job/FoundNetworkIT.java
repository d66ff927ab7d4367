package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that leave the choice of their style network to the plan. */
class FoundNetworkIT {
  @TempDir Path folder;
  @TempDir Path output;

  @Test
  void aRowFailsWithTheCommandThatTrainsItsNetworkAndThenUsesIt() throws Exception {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .picture("a.png", 40, 40, 21)
            .picture("b.png", 44, 40, 22)
            .column("init", DataTypes.StringType)
            .column("num_iterations", DataTypes.IntegerType)
            .column("content_weight", DataTypes.DoubleType);
    for (int i = 0; i < 5; i++) {
      String photo = "p" + i + ".png";
      catalogue.picture(photo, 48 + i, 40, i).row("r" + i, photo, "a.png", "network", 0, 0.25);
    }
    catalogue.row("no network", "p0.png", "b.png", "network", 0, 0.25);
    catalogue.row("no style", "p0.png", "none.png", "network", 0, 0.25);
    String manifest = catalogue.write().toString();

    assertThat(run(manifest, "first").exitCode()).isEqualTo(3);
    Map<String, Row> before = metrics("first");
    assertThat(before.values()).extracting(row -> row.getAs("status")).containsOnly("FAILED");
    assertThat(before.get("no style").<String>getAs("error_code")).isEqualTo("NOT_FOUND");
    String message = before.get("r0").getAs("error_message");
    List<String> train =
        new ArrayList<>(
            Arrays.asList(message.substring(message.indexOf("./submit.sh ") + 12).split(" ")));
    assertThat(train).startsWith("train", "--style", folder + "/a.png", "--photos", manifest);
    train.addAll(List.of("--steps", "2", "--image-size", "32", "--width", "4", "--blocks", "0"));

    Command.Outcome trained = Command.here(train.toArray(new String[0]));
    assertThat(trained.exitCode()).as(trained.err()).isZero();

    assertThat(run(manifest, "second").exitCode()).isEqualTo(3);
    Map<String, Row> after = metrics("second");
    for (int i = 0; i < 5; i++) {
      Row row = after.get("r" + i);
      assertThat(row.<String>getAs("status")).as(row.toString()).isEqualTo("OK");
      assertThat(row.<String>getAs("network")).isEqualTo("file:" + network());
      assertThat(row.getList(row.fieldIndex("input_warnings"))).isEmpty();
    }
    assertThat(after.get("no network").<String>getAs("error_message"))
        .contains("found none. To train one, run: ./submit.sh train --style " + folder + "/b.png");
  }

  private Path network() throws Exception {
    try (var files = Files.list(output.resolve("networks/v1"))) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).findFirst().get();
    }
  }

  private Command.Outcome run(String manifest, String id) {
    return Command.here(
        "run",
        manifest,
        "--output",
        output.toString(),
        "--run-id",
        id,
        "--run-date",
        "2026-01-01",
        "--image-size",
        "40",
        "--content-layers",
        "relu2_1:1",
        "--style-layers",
        "relu1_1:1,relu2_1:1");
  }

  private Map<String, Row> metrics(String id) {
    Map<String, Row> rows = new TreeMap<>();
    String table = output + "/runs/run_date=2026-01-01/run_id=" + id + "/metrics";
    for (Row row : TestSpark.spark().read().parquet(table).collectAsList()) {
      rows.put(row.getAs("id"), row);
    }
    return rows;
  }
}
