package nst.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import nst.engine.SeededWeightsFile;
import nst.model.Hyperparameters.Backbone;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The seeded network as a file, for programs that are compared with this one. */
@Command(
    name = "weights",
    description = "Writes the seeded VGG19 as safetensors, unless the file is there.",
    mixinStandardHelpOptions = true)
final class WeightsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE")
  private Path file = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(file)) {
      SeededWeightsFile.write(Backbone.VGG19, file);
    }
    return 0;
  }
}
