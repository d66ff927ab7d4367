package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nst.engine.network.HeldOperations;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/**
 * Tests runs that are interrupted and resumed, and runs at the same time as others. Runs that are
 * observed, killed or signalled are processes; the others run in this JVM.
 */
class InterruptedRunIT extends RunFixture {
  private static final long HELD = 48; // px

  @Test
  void killedHalfWayItComputesOnlyWhatIsMissing() throws Exception {
    // Two scales: the smaller rows are held at the second one, after their first iterates.
    String[] scales = {"--smallest-size", "30", "--scale-ratio", "16"};
    String[] arguments =
        append(append(append(tenRows("killed"), quick()), scales), "--report-watch-seconds", "1");
    Command command = Command.start(scratch, environment(held()), arguments);
    try {
      Await.until("3 images", () -> images().size() >= 3 || !command.process().isAlive());
      aSecondDriverIsRefusedWithTheNameOfTheHolder(arguments, command.process().pid());
      Await.until(
          "a page with pictures and a row in progress",
          () -> isOnPage("killed", ".png\"", "Iterate of r") || !command.process().isAlive());
      assertThat(page("killed")).contains("In progress.", " of 10 rows");
    } finally {
      command.kill();
    }
    Map<Path, FileTime> before = images();
    assertThat(before.size()).as("images at the kill").isBetween(3, 5);
    assertThat(runFolder("killed").resolve("_RUN.json")).doesNotExist();

    endedBySigtermItSaysSoAndGoesOnLater(arguments);

    assertThat(images()).hasSize(10).containsAllEntriesOf(before);
    List<Row> rows = metrics("killed").collectAsList();
    assertThat(rows)
        .extracting(row -> row.<String>getAs("key"))
        .doesNotHaveDuplicates()
        .hasSize(10);
    assertThat(rows).allSatisfy(row -> assertThat(row.<Double>getAs("total_loss")).isPositive());
    assertThat(losses("killed").count()).isEqualTo(10 * 14L); // the second scale repeats one
    assertThat(page("killed")).doesNotContain("In progress.").contains("Throughput");

    Command.Outcome otherPlan = Command.here(append(arguments, "--content-weight", "9"));
    assertThat(otherPlan.exitCode()).isEqualTo(2);
    assertThat(otherPlan.err()).contains("content_weight was 0").contains("is now 9.0");
  }

  private static void aSecondDriverIsRefusedWithTheNameOfTheHolder(
      String[] arguments, long holder) {
    Command.Outcome second = Command.here(arguments);
    assertThat(second.exitCode()).as(second.err()).isEqualTo(4);
    assertThat(second.err())
        .contains("Cannot start run_id=killed: process " + holder)
        .contains("holds it since");
  }

  /** Continues the run, ends it by SIGTERM while rows are held, and continues it to its end. */
  private void endedBySigtermItSaysSoAndGoesOnLater(String[] arguments) throws Exception {
    Command command = Command.start(scratch, environment(held()), arguments);
    Await.until(
        "all images that are not held, and a row that is",
        () ->
            (images().size() >= 5 && command.log().contains("works on"))
                || !command.process().isAlive());
    command.process().destroy();
    Command.Outcome ended = command.outcome();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(143);
    assertThat(ended.err())
        .contains("Ended by a signal.", "run the same command again to continue");
    isQuiet(ended.err());
    assertThat(images()).as("images at the signal").hasSize(5);

    Command.Outcome resumed = Command.here(append(arguments, "--json"));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(counts(json(resumed.out())))
        .isEqualTo("10 = 10 ok + 0 failed + 0 skipped + 0 duplicate");
  }

  /** The process cannot end before the run in this JVM has, because its smaller rows are held. */
  @Test
  void twoRunsThatShareAnOutputAtOnceBothEndWhole() throws Exception {
    String[] left = append(append(tenRows("left"), quick()), "--json");
    String[] right =
        Arrays.stream(left)
            .map(word -> word.equals("left") ? "right" : word)
            .toArray(String[]::new);
    HeldOperations held = held();
    Command process = Command.start(scratch, environment(held), left);
    Await.until("an image", () -> !images().isEmpty() || !process.process().isAlive());
    Command.Outcome here = Command.here(right);
    assertThat(process.process().isAlive()).as("both ran at once").isTrue();
    held.letGo();

    for (Command.Outcome outcome : List.of(here, process.outcome())) {
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      JsonNode rows = json(outcome.out()).get("rows");
      assertThat(rows.get("ok").asInt() + rows.get("skipped").asInt()).isEqualTo(10);
    }
    assertThat(images()).hasSize(10);
    Command.Outcome verified = Command.here("verify", "--output", output(), "--json");
    assertThat(verified.exitCode()).as(verified.out()).isZero();
    assertThat(json(verified.out()).get("checked").asInt()).isEqualTo(10);
  }

  private String page(String runId) throws IOException {
    return Files.readString(runFolder(runId).resolve("report/index.html"));
  }

  private boolean isOnPage(String runId, String... texts) throws IOException {
    return Files.exists(runFolder(runId).resolve("report/index.html"))
        && Stream.of(texts).allMatch(page(runId)::contains);
  }

  /** Lets libtorch block the smaller rows, so that a run does not end. */
  private HeldOperations held() throws IOException {
    return HeldOperations.hanging(
        Files.createTempDirectory(scratch, "held"), Math.toIntExact(HELD));
  }

  private static Map<String, String> environment(HeldOperations held) {
    return Map.of("NST_JAVA_OPTS", LauncherClassPath.optionWithResources(held.folder()));
  }

  /**
   * Writes ten rows, of which five are smaller and therefore last. Adam makes every step, so each
   * image has the same number of losses on every machine.
   */
  private String[] tenRows(String runId) {
    TestCatalogue catalogue =
        pictures().column("seed", DataTypes.LongType).column("image_size", DataTypes.LongType);
    for (int i = 0; i < 10; i++) {
      catalogue.row("r" + i, "photo.jpg", "painting.png", (long) i, i < 5 ? 64 : HELD);
    }
    return new String[] {
      "run",
      catalogue.write().toString(),
      "--output",
      output(),
      "--run-id",
      runId,
      "--optimizer",
      "adam"
    };
  }

  /** Has as many losses as a longer run but takes a fraction of the time. */
  private static String[] quick() {
    return append(SHALLOW, "--num-iterations", "12");
  }
}
