package nst.job.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import nst.engine.network.DeclaredFacts;
import nst.engine.network.NetworkWeights;
import nst.model.NetworkFacts;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/** A network's weights wherever they are kept. */
final class WeightsFile {
  /** More than any network here; a file beyond it is a mistake. */
  private static final long MAX_BYTES = 1L << 30;

  private WeightsFile() {}

  /**
   * Opens and checks a file; from an object store it is fetched first.
   *
   * @param uri absolute URI of a safetensors file
   * @param sha256 what its digest must be, or empty
   * @throws IllegalArgumentException with what is wrong with the file
   */
  static NetworkWeights open(String uri, String sha256, DeclaredFacts declared, ObjectStore store) {
    return NetworkWeights.load(local(uri, store), sha256, declared);
  }

  /** The same for an executor, which is told the facts that the driver found. */
  static NetworkWeights open(String uri, String sha256, NetworkFacts facts, ObjectStore store) {
    DeclaredFacts declared =
        new DeclaredFacts(Optional.of(facts.input()), Optional.of(facts.activationScale()));
    return open(uri, sha256, declared, store);
  }

  private static Path local(String uri, ObjectStore store) {
    if (Uris.scheme(uri).equals("file")) {
      return Path.of(uri.substring("file:".length()));
    }
    try {
      // Under its own name, which messages show and pickles are known by. Tensors are read from it
      // until the process ends.
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
