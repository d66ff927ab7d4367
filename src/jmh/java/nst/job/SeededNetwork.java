package nst.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nst.engine.network.SeededWeightsFile;
import nst.model.Setting;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.text.Sha256;

/** The seeded network as a file, because a cluster needs a file with a digest. */
final class SeededNetwork {
  private SeededNetwork() {}

  /** Writes the file unless it exists, and returns the settings that name it. */
  static Map<Setting, String> settings(Path folder) throws IOException {
    Path file = folder.toAbsolutePath().resolve("vgg19-seeded.safetensors");
    if (!Files.exists(file)) {
      Files.createDirectories(file.getParent());
      SeededWeightsFile.write(Backbone.VGG19, file);
    }
    return Map.of(
        Setting.WEIGHTS_PATH,
        file.toUri().toString(),
        Setting.WEIGHTS_SHA256,
        Sha256.hex(Files.readAllBytes(file)));
  }
}
