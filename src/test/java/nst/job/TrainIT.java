package nst.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nst.engine.stylenetwork.StyleNetworkFile;
import nst.job.executor.Lease;
import nst.model.text.Sha256;
import nst.record.NetworkRecipe;
import nst.record.TrainingLoss;
import nst.storage.HadoopObjectStore;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code train}, with networks and crops as small as they can be. */
class TrainIT {
  @TempDir Path folder;

  private TestCatalogue catalogue;

  @BeforeEach
  void photos() {
    catalogue = new TestCatalogue(folder);
    for (int i = 0; i < 10; i++) {
      catalogue.picture("photos/p" + i + ".png", 48 + i, 40, i);
    }
    catalogue.picture("styles/a.png", 40, 40, 21).picture("styles/b.png", 44, 36, 22);
  }

  @Test
  void killedAndStartedAgainItGivesTheBytesOfAnUninterruptedTraining() throws Exception {
    String[] longer = {"--steps", "120"};
    Command killed = Command.start(folder, arguments("killed", longer));
    Path training = networks("killed").resolve("training");
    Await.until(
        "a checkpoint of some steps", () -> hasSteps(training) || !killed.process().isAlive());
    killed.kill();
    assertThat(files("killed", ".safetensors")).as("it was killed in time").isEmpty();

    Command.Outcome resumed = Command.here(arguments("killed", longer));

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    Command.Outcome whole = Command.here(arguments("whole", longer));
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    assertThat(Files.readAllBytes(network("killed")))
        .isEqualTo(Files.readAllBytes(network("whole")));
    assertThat(network("killed").getFileName()).isEqualTo(network("whole").getFileName());
    assertThat(files("killed/networks/v1/training", ".safetensors")).isEmpty();
  }

  /** The first mark is written before the first step; later ones replace it. */
  private static boolean hasSteps(Path training) throws IOException {
    for (Path file : LivingFolder.files(training)) {
      if (file.toString().endsWith(".mark.safetensors")) {
        return !Files.readString(file, StandardCharsets.ISO_8859_1).contains("\"steps\":\"0\"");
      }
    }
    return false;
  }

  @Test
  void aNetworkHasItsRecipeAndItsPageAndIsMadeOnce() throws IOException {
    catalogue.picture("photos/small.png", 31, 40, 30).file("photos/broken.jpg", new byte[] {1, 2});
    String[] arguments =
        arguments("out", "--style", folder.resolve("styles/b.png").toString(), "--json");

    Command.Outcome first = Command.here(arguments);

    assertThat(first.exitCode()).as(first.err()).isZero();
    JsonNode answer = new ObjectMapper().readTree(first.out());
    assertThat(answer.get("existed").asBoolean()).isFalse();
    assertThat(answer.get("network").asText()).isEqualTo("file:" + network("out"));
    assertThat(first.err()).contains("small.png", "broken.jpg", "2 photos left out");
    NetworkRecipe recipe = recipe("out");
    assertThat(network("out").getFileName()).hasToString(recipe.key() + ".safetensors");
    assertThat(recipe.looks()).hasSize(2);
    assertThat(recipe.looks().get(1).styles().get(0).sha256())
        .isEqualTo(Sha256.hex(Files.readAllBytes(folder.resolve("styles/b.png"))));
    assertThat(recipe.objective()).containsEntry("content_weight", "0.05");
    assertThat(recipe.computation()).containsOnlyKeys("precision", "size_rule");
    assertThat(recipe.photos().found()).isEqualTo(12);
    assertThat(recipe.photos().training() + recipe.photos().heldOut()).isEqualTo(12);
    assertThat(recipe.result().leftOut()).isEqualTo(2);
    assertThat(recipe.result().photos()).isNotEmpty();
    assertThat(recipe.result().heldOut().get(0).step()).isZero();
    assertThat(recipe.result().heldOut().get(recipe.result().heldOut().size() - 1))
        .satisfies(
            last -> {
              assertThat(last.step()).isEqualTo(10);
              assertThat(last.total()).isLessThan(recipe.result().heldOut().get(0).total());
            });
    String page = Files.readString(files("out", ".html").get(0));
    assertThat(page)
        .contains("data:image/jpeg;base64,", "a.png, b.png", "small.png", recipe.key())
        .contains(recipe.result().photos().get(0).name())
        .doesNotContain("<script", "http://", "https://");
    long written = Files.getLastModifiedTime(network("out")).toMillis();

    Command.Outcome second = Command.here(arguments);

    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(new ObjectMapper().readTree(second.out()).get("existed").asBoolean()).isTrue();
    assertThat(Files.getLastModifiedTime(network("out")).toMillis()).isEqualTo(written);
    aSecondDriverIsRefused(
        arguments, new NetworkLayout("file:" + folder.resolve("out"), recipe.key()));
  }

  @Test
  void aTrainingBeginsWithAnotherNetwork() throws IOException {
    assertThat(Command.here(arguments("first", "--steps", "20")).exitCode()).isZero();
    String from = network("first").toString();

    Command.Outcome other = Command.here(arguments("other", "--from", from));

    assertThat(other.exitCode()).as(other.err()).isZero();
    NetworkRecipe begun = recipe("other");
    assertThat(begun.training().from()).isEqualTo(Sha256.hex(Files.readAllBytes(Path.of(from))));
    List<TrainingLoss> first = recipe("first").result().heldOut();
    assertThat(begun.result().heldOut().get(0).total())
        .as(
            "the held-out photos' loss before the first step is that at the end of the training before")
        .isCloseTo(first.get(first.size() - 1).total(), withinPercentage(0.01))
        .isNotEqualTo(first.get(0).total());

    Command.Outcome refused = Command.here(arguments("no", "--from", from, "--blocks", "0"));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "--from: expected a network of the size that is trained, width 4, 0 blocks, full, was"
                + " width 4, 1 block, full");
    Command.Outcome missing = Command.here(arguments("no", "--from", from + "x"));
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("--from: ", "safetensorsx");
  }

  /** The test holds the training as another driver would. */
  private static void aSecondDriverIsRefused(String[] arguments, NetworkLayout network)
      throws IOException {
    ObjectStore store = new HadoopObjectStore(new Configuration(false));
    store.delete(network.network());
    try (Lease lease = Lease.acquire(store, Lease.Claim.of(network), () -> {})) {
      assertThat(lease).isNotNull();

      Command.Outcome refused = Command.here(arguments);

      assertThat(refused.exitCode()).isEqualTo(4);
      assertThat(refused.err())
          .contains(
              "Cannot train " + network.network(), "process " + ProcessHandle.current().pid());
      assertThat(store.exists(network.network())).isFalse();
    }
  }

  @Test
  void theCatalogueItselfGivesThePhotos() throws IOException {
    for (int i = 0; i < 6; i++) {
      catalogue.row("r" + i, "photos/p" + i % 5 + ".png", "styles/a.png");
    }
    Path manifest = catalogue.row("forbidden", "/etc/hostname", "styles/a.png").write();

    Command.Outcome outcome =
        Command.here(arguments("out", "--photos", manifest.toString(), "--blocks", "0"));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(recipe("out").photos().found()).as("each photo once").isEqualTo(5);
    assertThat(recipe("out").architecture().residualBlocks()).isZero();
  }

  @Test
  void tooFewPhotosAreRefusedWithTheReasons() throws IOException {
    TestCatalogue few = new TestCatalogue(folder.resolve("few"));
    for (int i = 0; i < 3; i++) {
      few.picture("p" + i + ".png", 40, 40, i);
    }
    few.picture("tiny.png", 20, 40, 4);

    Command.Outcome outcome =
        Command.here(arguments("out", "--photos", folder.resolve("few").toString()));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("expected at least 4 photos that can be used, found 3", "tiny.png", "too small");
    // The lease made folders, which a local disk keeps.
    assertThat(LivingFolder.files(folder.resolve("out"))).noneMatch(Files::isRegularFile);

    Command.Outcome none =
        Command.here(arguments("out", "--photos", folder.resolve("styles").toString()));

    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("expected at least 4 photos, found 2");
  }

  /** Weights of such a size overflow: the normalisation computes their squares. */
  @Test
  void aDivergingTrainingIsRepeatedWithASmallerStepAndThenStops() throws IOException {
    Command.Outcome stopped = Command.here(arguments("stopped", "--learning-rate", "1e30"));

    assertThat(stopped.exitCode()).isEqualTo(4);
    assertThat(stopped.err())
        .contains("diverged after", "halved 3 times", "smaller --learning-rate")
        .doesNotContain("run the same command again");
    assertThat(files("stopped", ".safetensors")).isEmpty();
  }

  private String[] arguments(String output, String... more) {
    List<String> given = Arrays.asList(more);
    Stream<String> photos =
        given.contains("--photos")
            ? Stream.of()
            : Stream.of("--photos", folder.resolve("photos").toString());
    Stream<String> steps = given.contains("--steps") ? Stream.of() : Stream.of("--steps", "10");
    Stream<String> blocks = given.contains("--blocks") ? Stream.of() : Stream.of("--blocks", "1");
    return Stream.of(
            Stream.of("train", "--style", folder.resolve("styles/a.png").toString()),
            given.stream(),
            photos,
            steps,
            blocks,
            Stream.of("--output", folder.resolve(output).toString()),
            Stream.of("--width", "4", "--image-size", "32", "--seed", "3"),
            Stream.of("--content-layers", "relu2_1:1", "--style-layers", "relu1_1:1,relu2_1:1"))
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  private NetworkRecipe recipe(String output) throws IOException {
    return NetworkRecipe.read(
        StyleNetworkFile.of("network", Files.readAllBytes(network(output))).recipe());
  }

  private Path networks(String output) {
    return folder.resolve(output).resolve("networks/v1");
  }

  private Path network(String output) throws IOException {
    return files(output, ".safetensors").get(0);
  }

  /** The files of {@code networks/v1} with this ending, without its folders. */
  private List<Path> files(String output, String ending) throws IOException {
    Path networks = output.endsWith("training") ? folder.resolve(output) : networks(output);
    if (!Files.isDirectory(networks)) {
      return List.of();
    }
    try (var files = Files.list(networks)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
