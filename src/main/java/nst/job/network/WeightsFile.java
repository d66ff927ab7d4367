package nst.job.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import nst.engine.network.ConfiguredFacts;
import nst.engine.network.NetworkWeights;
import nst.model.NetworkFacts;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/** Opens weights files, local or in an object store. */
final class WeightsFile {
  /** The largest file. It is larger than any supported network. */
  private static final long MAX_BYTES = 1L << 30;

  private WeightsFile() {}

  /**
   * Opens and checks a file. A file in an object store is downloaded first.
   *
   * @param uri absolute URI of a safetensors file
   * @param sha256 the expected digest, or empty
   * @throws IllegalArgumentException with the fault of the file
   */
  static NetworkWeights open(
      String uri, String sha256, ConfiguredFacts declared, ObjectStore store) {
    return NetworkWeights.load(local(uri, store), sha256, declared);
  }

  /** Opens a file in an executor, with the facts that the driver found. */
  static NetworkWeights open(String uri, String sha256, NetworkFacts facts, ObjectStore store) {
    ConfiguredFacts declared =
        new ConfiguredFacts(Optional.of(facts.input()), Optional.of(facts.activationScale()));
    return open(uri, sha256, declared, store);
  }

  private static Path local(String uri, ObjectStore store) {
    if (Uris.scheme(uri).equals("file")) {
      return Path.of(uri.substring("file:".length()));
    }
    try {
      // Keep the file's name: it is shown in messages, and its extension identifies pickles.
      // Tensors are read from the copy until the process ends.
      Path folder = Files.createTempDirectory("nst-weights-");
      Path file = folder.resolve(Uris.fileName(uri));
      Files.write(file, store.read(uri, MAX_BYTES));
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep a copy of " + uri, e);
    }
  }
}
