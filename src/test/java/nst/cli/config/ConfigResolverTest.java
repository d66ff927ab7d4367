package nst.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigResolverTest {
  @TempDir Path folder;
  private final Problems problems = new Problems();

  @Test
  void aFlagBeatsSetBeatsEnvironmentBeatsFileBeatsDefault() throws IOException {
    Path file = file("image_size = 100\nseed = 1\ntv_weight = 1\ncontent_weight = 1");
    RunConfig config =
        ConfigResolver.resolve(
            Optional.of(file),
            Map.of("NST_IMAGE_SIZE", "200", "NST_SEED", "2", "NST_TV_WEIGHT", "2", "PATH", "x"),
            List.of("image_size=300", "seed=3"),
            Map.of("image_size", "400"),
            problems);
    assertThat(problems.list()).isEmpty();
    assertThat(config.defaults().imageSize()).isEqualTo(400);
    assertThat(config.defaults().seed()).isEqualTo(3);
    assertThat(config.defaults().tvWeight()).isEqualTo(2);
    assertThat(config.defaults().contentWeight()).isEqualTo(1);
    assertThat(config.entries().get("image_size").source()).isEqualTo("--image-size");
    assertThat(config.entries().get("seed").source()).isEqualTo("--set");
    assertThat(config.entries().get("tv_weight").source()).isEqualTo("NST_TV_WEIGHT");
    assertThat(config.entries().get("content_weight").source()).isEqualTo(file.toString());
    assertThat(config.entries().get("style_weight").source()).isEqualTo("preset balanced");
    assertThat(config.entries().get("device").source()).isEqualTo("default");
  }

  @Test
  void findsEveryFaultAndTheNearestName() throws IOException {
    Path file = file("imagesize = 1\nweights { paht = x }\ncontent_weight = -1");
    ConfigResolver.resolve(
        Optional.of(file),
        Map.of("NST_DEVISE", "gpu"),
        List.of("seed", "preset=gatis"),
        Map.of(),
        problems);
    assertThat(problems.list())
        .extracting(Problem::toString)
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("imagesize: Unknown key `imagesize`. Did you mean `image_size`?"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("Unknown key `weights.paht`. Did you mean `weights.path`?"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("content_weight: expected a number of at least 0, was -1"))
        .anySatisfy(
            text -> assertThat(text).contains("variable `NST_DEVISE`. Did you mean `NST_DEVICE`?"))
        .anySatisfy(text -> assertThat(text).contains("--set: seed: expected key=value"))
        .anySatisfy(text -> assertThat(text).contains("preset: expected one of balanced"))
        .hasSize(6);
  }

  @Test
  void aFileThatIsNotThereIsAFault() {
    ConfigResolver.resolve(
        Optional.of(folder.resolve("none.conf")), Map.of(), List.of(), Map.of(), problems);
    assertThat(problems.list()).hasSize(1);
  }

  @Test
  void everyKeyCanBeSetAndEveryDefaultIsValid() {
    RunConfig defaults =
        ConfigResolver.resolve(Optional.empty(), Map.of(), List.of(), Map.of(), problems);
    for (Map.Entry<String, RunConfig.Entry> entry : defaults.entries().entrySet()) {
      RunConfig config =
          ConfigResolver.resolve(
              Optional.empty(),
              Map.of(),
              List.of(entry.getKey() + "=" + entry.getValue().value()),
              Map.of(),
              problems);
      assertThat(config.entries().get(entry.getKey()).value()).isEqualTo(entry.getValue().value());
      assertThat(config.entries().get(entry.getKey()).source()).isEqualTo("--set");
    }
    assertThat(problems.list()).isEmpty();
    assertThat(defaults.entries().keySet()).containsExactlyInAnyOrderElementsOf(RunConfig.keys());
  }

  @Test
  void refusesCredentialsWhereverTheyAreSet() throws IOException {
    String secret = "s3a://AKIA:S3CR3T@bucket/x";
    Path file =
        file("uri.allowed_prefixes = \"" + secret + "\"\nweights.paht = \"" + secret + "\"");
    ConfigResolver.resolve(
        Optional.of(file),
        Map.of("NST_COSTS_PATH", secret, "NST_INIT_IMAGE", "x.png?X-Amz-Signature=S3CR3T"),
        List.of("weights.path=embedded," + secret, secret + "=1", "preset=?token=S3CR3T"),
        Map.of("weights.sha256", secret),
        problems);
    assertThat(problems.list())
        .extracting(Problem::toString)
        .hasSize(8)
        .allSatisfy(text -> assertThat(text).doesNotContain("S3CR3T", "AKIA"))
        .filteredOn(text -> text.contains("expected a value without credentials"))
        .hasSize(7);
  }

  @Test
  void readsFoldersFromTheWorkingDirectory() {
    RunConfig config =
        ConfigResolver.resolve(
            Optional.empty(),
            Map.of(),
            List.of("uri.allowed_prefixes= photos , s3://bucket/a", "costs.path=costs"),
            Map.of(),
            problems);
    String here = "file:" + System.getProperty("user.dir");
    assertThat(config.text(Setting.ALLOWED_PREFIXES)).isEqualTo(here + "/photos,s3a://bucket/a");
    assertThat(config.text(Setting.COSTS_PATH)).isEqualTo(here + "/costs");
    ConfigResolver.resolve(
        Optional.empty(), Map.of(), List.of("costs.path=s3://b/../.."), Map.of(), problems);
    assertThat(problems.list())
        .extracting(Problem::toString)
        .containsExactly("--set: costs.path: expected a URI below its root, was /../..");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include url(\"%s\")",
        "include \"%s\"",
        "include required(url(\"%s\"))",
        "include \"more.conf\""
      })
  void refusesToIncludeAUrl(String include) throws IOException {
    Path served = Files.writeString(folder.resolve("served.conf"), "seed = 7");
    String url = served.toUri().toURL().toString();
    Files.writeString(folder.resolve("more.conf"), "include url(\"" + url + "\")");
    RunConfig config =
        ConfigResolver.resolve(
            Optional.of(file(include.formatted(url))), Map.of(), List.of(), Map.of(), problems);
    assertThat(problems.list())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message()).contains("include: expected a local file", url));
    assertThat(config.defaults().seed()).isNotEqualTo(7);
  }

  @Test
  void includesFilesOfThisMachine() throws IOException {
    Path other = Files.writeString(folder.resolve("other.conf"), "seed = 7");
    Files.writeString(folder.resolve("more.conf"), "image_size = 77");
    Path file = file("include \"more.conf\"\ninclude file(\"" + other + "\")");
    RunConfig config =
        ConfigResolver.resolve(Optional.of(file), Map.of(), List.of(), Map.of(), problems);
    assertThat(problems.list()).isEmpty();
    assertThat(config.defaults().seed()).isEqualTo(7);
    assertThat(config.defaults().imageSize()).isEqualTo(77);
  }

  @Test
  void thePresetIsUnderTheKnobs() {
    RunConfig config =
        ConfigResolver.resolve(
            Optional.empty(),
            Map.of(),
            List.of("preset=gatys", "num_iterations=5"),
            Map.of(),
            problems);
    assertThat(config.defaults())
        .isEqualTo(Preset.GATYS.hyperparameters().with(Knob.NUM_ITERATIONS, 5));
    assertThat(config.whole(Setting.BATCH_SECONDS)).isEqualTo(300);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("nst.conf"), text);
  }
}
