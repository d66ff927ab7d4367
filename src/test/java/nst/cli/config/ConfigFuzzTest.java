package nst.cli.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.Fuzz;
import nst.model.Problems;
import nst.model.RunConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that a damaged configuration is read, or all its faults are listed, without an exception.
 */
class ConfigFuzzTest {
  private static final List<String> SOUND =
      List.of(
          """
          preset = balanced
          image_size = 256
          style_layers = "relu1_1:0.25,relu2_1:1"
          weights.path = embedded
          max_failed_ratio = 0.1
          """,
          """
          weights { path = "s3a://bucket/vgg19.safetensors", sha256 = "" }
          tv_weight = ${content_weight}
          content_weight = 5e-2 // comment
          num_iterations : 100
          """);

  @TempDir Path folder;

  @Test
  void aConfigurationIsReadOrItsFaultsAreListed() {
    Fuzz.run(
        "configuration",
        10,
        SOUND.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList(),
        bytes -> {
          Path file = Files.write(folder.resolve("fuzz.conf"), bytes);
          Problems problems = new Problems();
          RunConfig config =
              ConfigResolver.resolve(Optional.of(file), Map.of(), List.of(), Map.of(), problems);
          if (problems.list().isEmpty()) {
            config.defaults();
          }
        });
  }

  @Test
  void aKeyAndItsValueAreReadOrItsFaultsAreListed() {
    List<byte[]> sound =
        RunConfig.keys().stream()
            .map(key -> (key + "=1").getBytes(StandardCharsets.ISO_8859_1))
            .toList();
    Fuzz.run(
        "set",
        4,
        sound,
        bytes -> {
          Problems problems = new Problems();
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          RunConfig config =
              ConfigResolver.resolve(Optional.empty(), Map.of(), List.of(text), Map.of(), problems);
          if (problems.list().isEmpty()) {
            config.defaults();
          }
        });
  }
}
