package nst.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import nst.engine.network.FixtureWeights;
import nst.engine.network.NetworkWeights;
import nst.model.knob.NetworkChoices.Backbone;

/** Engines with the networks of the references, each created on the first request. */
final class FixtureEngines implements AutoCloseable {
  private final Path folder;
  private final Map<Backbone, StyleTransfer> engines = new EnumMap<>(Backbone.class);
  private Optional<StyleTransfer> trained = Optional.empty();

  FixtureEngines(Path folder) {
    this.folder = folder;
  }

  StyleTransfer of(OracleCase reference) {
    if (reference.isTrained()) {
      if (trained.isEmpty()) {
        trained = Optional.of(StyleTransfer.open(TestEngine.device(), NetworkWeights.embedded()));
      }
      return trained.get();
    }
    return engines.computeIfAbsent(
        reference.hyperparameters().backbone(),
        backbone -> {
          try {
            Path file = folder.resolve(backbone + ".safetensors");
            FixtureWeights.write(backbone, reference.weightsSeed(), file);
            return StyleTransfer.open(TestEngine.device(), NetworkWeights.load(file, ""));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {
    engines.values().forEach(StyleTransfer::close);
    engines.clear();
    trained.ifPresent(StyleTransfer::close);
    trained = Optional.empty();
  }
}
