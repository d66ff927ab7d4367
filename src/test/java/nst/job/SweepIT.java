package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Tests the command {@code sweep}. */
class SweepIT extends RunFixture {

  @Test
  void runsAtOnceAndComputesNothingTheSecondTime() throws IOException {
    pictures().picture("elsewhere/other.png", 56, 56, 3);
    String[] command =
        sweep(
            output(),
            "--blend",
            path("painting.png") + ":" + path("elsewhere/other.png") + "=0,0.5",
            "--grid",
            "content_weight=log:0.01..1",
            "--samples",
            "2",
            "--seed",
            "7",
            "--image-size",
            "48",
            "--num-iterations",
            "3",
            "--run",
            "--json");

    Command.Outcome dry = Command.here(append(command, "--dry-run", "--price-per-hour", "2"));
    assertThat(dry.exitCode()).as(dry.err()).isZero();
    JsonNode plan = json(dry.out());
    assertThat(plan.get("rows").get("planned").asInt()).isEqualTo(4);
    assertThat(plan.get("device_hours").asDouble()).isPositive();
    assertThat(plan.get("cost").asDouble()).isEqualTo(plan.get("device_hours").asDouble() * 2);
    assertThat(Path.of(output(), "images")).doesNotExist();

    Command.Outcome first = Command.here(append(command, "--run-id", "first"));
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(counts(json(first.out())))
        .isEqualTo("4 = 4 ok + 0 failed + 0 skipped + 0 duplicate");
    assertThat(first.err()).contains("device-hours", "hours until done", "cost");
    for (Row row : metrics("first").collectAsList()) {
      assertThat(row.<Long>getAs("image_size")).isEqualTo(48);
      assertThat(row.<Long>getAs("num_iterations")).isEqualTo(3);
      assertThat(row.<Long>getAs("seed")).isZero();
      assertThat(row.<Double>getAs("blend")).isIn(0.0, 0.5);
      assertThat(row.<String>getAs("id")).startsWith("photo-painting").contains("-content_weight=");
    }

    Files.delete(
        runFolder("first").resolve("_RUN.json")); // as if it had been killed before its end
    Command.Outcome continued = Command.here(append(command, "--run-id", "first"));
    assertThat(continued.exitCode()).as(continued.err()).isZero();
    assertThat(counts(json(continued.out())))
        .isEqualTo("4 = 4 ok + 0 failed + 0 skipped + 0 duplicate");

    String pick = "style_loss > 0 and blend >= 0 order by content_loss desc limit 2";
    Command.Outcome again =
        Command.here(append(command, "--run-id", "again", "--pick", pick, "--suggest"));
    assertThat(json(again.out()).get("picked")).hasSize(2);
    assertThat(json(again.out()).get("next").get("sentences").get(0).asText())
        .contains("picked: 2 rows");
    assertThat(counts(json(again.out())))
        .isEqualTo("4 = 0 ok + 0 failed + 4 skipped + 0 duplicate");
    assertThat(Path.of(output(), "sweeps", "v1")).isDirectoryContaining("glob:**.parquet");
    try (Stream<Path> manifests = Files.list(Path.of(output(), "sweeps", "v1"))) {
      assertThat(manifests).hasSize(1);
    }
    picksRowsAndSuggestsTheNextGrid();
  }

  /** The pictures of the second run are those of the first, so their terms come from the images. */
  private void picksRowsAndSuggestsTheNextGrid() throws IOException {
    String[] report = {"report", "--output", output(), "--run-id", "again", "--json"};
    Command.Outcome outcome =
        Command.here(
            append(
                report,
                "--suggest",
                "--pick",
                "style_loss > 0 order by content_loss desc limit 2"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode picked = json(outcome.out()).get("picked");
    assertThat(picked).hasSize(2);
    Row highest = metrics("first").orderBy(col("content_loss").desc()).head();
    assertThat(picked.get(0).get("id").asText()).isEqualTo(highest.<String>getAs("id"));
    assertThat(picked.get(0).get("content_loss").asDouble())
        .isEqualTo(highest.<Double>getAs("content_loss"));
    assertThat(picked.get(0).get("output_uri").asText()).endsWith(".png");
    assertThat(picked.get(0).get("values").fieldNames())
        .toIterable()
        .containsExactly("blend", "content_weight");
    JsonNode next = json(outcome.out()).get("next");
    assertThat(next.get("sentences").get(0).asText()).contains("picked: 2 rows");
    assertThat(runFolder("again").resolve("report/data/sweep.js"))
        .content()
        .contains("\"picked\":[" + picked.get(0).get("row") + ",");

    Command.Outcome wrong = Command.here(append(report, "--pick", "styl_loss < 1"));
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(json(wrong.out()).get("problems").get(0).get("message").asText())
        .contains("Unknown column `styl_loss`. Did you mean `style_loss`?")
        .contains("The columns are row, id, key");
  }

  /** The second command stands for the same one after a kill in the second rung. */
  @Test
  void halvingGoesOnWithTheBestThirdAndContinuesWhereItStopped() throws IOException {
    pictures();
    String[] command =
        sweep(
            output(),
            "--style",
            path("painting.png"),
            "--grid",
            "content_weight=0.01,0.1,1",
            "--grid",
            "tv_weight=0,0.1,1",
            "--image-size",
            "96",
            "--num-iterations",
            "8",
            "--run",
            "--json");

    Command.Outcome first = Command.here(append(command, "--halving", "--run-id", "first"));
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err())
        .contains("12 in 2 rungs, 9 in the full grid", "3 points of 9 go on by sum");
    assertThat(json(first.out()).get("rungs").get(1).get("kept")).hasSize(3);

    Map<Integer, Double> scores = new TreeMap<>();
    for (Row row : metrics("first-rung-1").collectAsList()) {
      assertThat(row.<Integer>getAs("halving_rung")).isEqualTo(1);
      assertThat(row.<Double>getAs("halving_score")).isNull();
      assertThat(row.<Long>getAs("image_size")).isEqualTo(68);
      assertThat(row.<Long>getAs("num_iterations")).isEqualTo(5);
      scores.put(
          row.getAs("halving_point"),
          row.<Double>getAs("content_loss") + row.<Double>getAs("style_loss"));
    }
    assertThat(scores).hasSize(9);
    List<Double> best = scores.values().stream().sorted().limit(3).toList();
    for (Row row : metrics("first-rung-2").collectAsList()) {
      assertThat(row.<Integer>getAs("halving_rung")).isEqualTo(2);
      assertThat(row.<Double>getAs("halving_score"))
          .isEqualTo(scores.get(row.<Integer>getAs("halving_point")))
          .isIn(best);
      assertThat(row.<Long>getAs("image_size")).isEqualTo(96);
      assertThat(row.<Long>getAs("num_iterations")).isEqualTo(8);
    }
    assertThat(metrics("first-rung-2").count()).isEqualTo(3);

    String made = metrics("first-rung-2").head().getAs("output_uri");
    Files.delete(Path.of(made.substring("file:".length())));
    Command.Outcome again = Command.here(append(command, "--halving", "--run-id", "again"));
    assertThat(again.exitCode()).as(again.err()).isZero();
    JsonNode rungs = json(again.out()).get("rungs");
    assertThat(counts(rungs.get(0))).isEqualTo("9 = 0 ok + 0 failed + 9 skipped + 0 duplicate");
    assertThat(counts(rungs.get(1))).isEqualTo("3 = 1 ok + 0 failed + 2 skipped + 0 duplicate");
    assertThat(rungs.get(1).get("kept"))
        .isEqualTo(json(first.out()).get("rungs").get(1).get("kept"));
  }

  @Test
  void saysTheLineThatRunsAManifestOutsideThePhotosFolder() throws IOException {
    pictures();
    Path table = scratch.resolve("m 1").resolve("sweep.parquet");
    Command.Outcome swept =
        Command.here(
            sweep(
                table.toString(),
                "--style",
                path("painting.png"),
                "--grid",
                "num_iterations=2,3",
                "--image-size",
                "48",
                "--price-per-hour",
                "2"));
    assertThat(swept.exitCode()).as(swept.err()).isZero();
    assertThat(swept.out()).contains("device-hours").contains("rows planned");

    String line =
        swept.out().lines().filter(l -> l.startsWith("To run it: ")).findFirst().orElseThrow();
    List<String> words = words(line.substring("To run it: ".length()));
    assertThat(words.subList(0, 2)).containsExactly("./submit.sh", "run");
    assertThat(words).contains("--price-per-hour", "--uri-allowed-prefixes", folder.toString());
    Command.Outcome outcome =
        Command.here(append(words.subList(1, words.size()).toArray(String[]::new), "--json"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(counts(json(outcome.out())))
        .isEqualTo("2 = 2 ok + 0 failed + 0 skipped + 0 duplicate");
  }

  @Test
  void everyFaultIsInOneListAndNothingIsWritten() throws IOException {
    pictures().file("there/x.txt", new byte[1]);
    Command.Outcome outcome =
        Command.here(
            "sweep",
            "--content",
            path("absent.jpg"),
            "--style",
            path("there"),
            "--blend",
            path("painting.png") + ":" + path("there") + "=0.5",
            "--grid",
            "contentweight=1",
            "--grid",
            "preset=gatis",
            "--samples",
            "none",
            "--sampling",
            "halton",
            "--image-size",
            "large",
            "--run-id",
            "x",
            "--weights",
            path("absent.safetensors"),
            "--output",
            path("there"),
            "--json");
    assertThat(outcome.exitCode()).isEqualTo(2);
    List<String> faults = new ArrayList<>();
    json(outcome.out())
        .get("problems")
        .forEach(p -> faults.add(p.get("where").asText() + " " + p.get("message").asText()));
    assertThat(faults)
        .anySatisfy(f -> assertThat(f).startsWith("--content expected an image file, found no"))
        .anySatisfy(f -> assertThat(f).startsWith("--style expected images in the folder"))
        .anySatisfy(f -> assertThat(f).startsWith("--blend expected an image file, was a folder"))
        .anySatisfy(f -> assertThat(f).contains("Unknown knob `contentweight`"))
        .anySatisfy(f -> assertThat(f).contains("expected one of balanced, gatys"))
        .anySatisfy(f -> assertThat(f).startsWith("--samples expected a whole number"))
        .anySatisfy(f -> assertThat(f).startsWith("--sampling expected one of sobol, random"))
        .anySatisfy(f -> assertThat(f).startsWith("--image-size expected a whole number"))
        .anySatisfy(f -> assertThat(f).startsWith("--run expected --run with"))
        .anySatisfy(f -> assertThat(f).contains("absent.safetensors"))
        .anySatisfy(f -> assertThat(f).startsWith("--output expected a table that does not exist"));
    assertThat(faults).hasSize(11);
    assertThat(folder.resolve("there")).isDirectoryContaining("glob:**/x.txt");
    assertThat(folder.resolve("there").toFile().list()).hasSize(1);
  }

  /** The command line of a sweep of the photo. */
  private String[] sweep(String output, String... options) {
    String[] command = {"sweep", "--content", path("photo.jpg"), "--output", output};
    return append(append(command, options), SHALLOW);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** The words of a shell's command line. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" (?=(?:[^']*'[^']*')*[^']*$)", -1)) {
      words.add(word.replace("'", ""));
    }
    return words;
  }
}
