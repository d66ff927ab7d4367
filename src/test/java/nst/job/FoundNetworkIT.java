package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    theSameNetworkServesRowsWithoutInitWhereItIsCheaper();
  }

  private void theSameNetworkServesRowsWithoutInitWhereItIsCheaper() throws Exception {
    TestCatalogue catalogue =
        new TestCatalogue(folder.resolve("more"))
            .picture("a.png", 40, 40, 21)
            .picture("p.png", 56, 40, 9)
            .column("init", DataTypes.StringType)
            .column("content_weight", DataTypes.DoubleType)
            .row("free", "p.png", "a.png", null, 0.25)
            .row("own start", "p.png", "a.png", "content", 0.25)
            .row("other objective", "p.png", "a.png", null, 0.5);
    String manifest = catalogue.write().toString();

    JsonNode groups =
        new ObjectMapper().readTree(here("plan", manifest, "--json").out()).get("groups");
    assertThat(groups).hasSize(2);
    assertThat(groups.findValuesAsText("cheaper")).containsExactlyInAnyOrder("apply", "optimize");

    Command.Outcome run = here("run", manifest, "--run-id", "third", "--amortize", "auto");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("the network is cheaper", "optimising is cheaper");
    Map<String, Row> rows = metrics("third");
    assertThat(rows.get("free").<String>getAs("network")).isEqualTo("file:" + network());
    assertThat(rows.get("free").<Integer>getAs("iterations")).isEqualTo(6);
    assertThat(rows.get("own start").<String>getAs("init")).isEqualTo("content");
    assertThat(rows.get("other objective").<String>getAs("network")).isEmpty();
  }

  private Path network() throws Exception {
    try (var files = Files.list(output.resolve("networks/v1"))) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).findFirst().get();
    }
  }

  private Command.Outcome run(String manifest, String id) {
    return here("run", manifest, "--run-id", id);
  }

  private Command.Outcome here(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", output.toString(), "--image-size", "40"));
    all.addAll(List.of("--content-layers", "relu2_1:1"));
    all.addAll(List.of("--style-layers", "relu1_1:1,relu2_1:1"));
    if (all.contains("run")) {
      all.addAll(List.of("--run-date", "2026-01-01"));
    }
    return Command.here(all.toArray(new String[0]));
  }

  private Map<String, Row> metrics(String id) {
    return SmallRun.byId(output + "/runs/run_date=2026-01-01/run_id=" + id + "/metrics");
  }
}
