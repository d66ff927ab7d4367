package nst.job;

import java.util.Locale;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * The network that a run uses, as the driver knows it: its file and digest.
 *
 * @param path absolute URI of a safetensors file; empty for the seeded network
 * @param digest SHA-256 of the file, or the seeded network's name
 */
record Weights(String path, String digest) {
  /**
   * Names the seeded network's recipe: another one gives other pictures and must have another name.
   */
  static final String SEEDED = "seeded-orthogonal-1";

  /**
   * Finds the configured network.
   *
   * @param locality whether driver and executors are one process; elsewhere a network must be named
   */
  static Weights of(RunConfig config, ObjectStore store, Locality locality) {
    String path = config.text(Setting.WEIGHTS_PATH);
    String pinned = config.text(Setting.WEIGHTS_SHA256).toLowerCase(Locale.ROOT);
    if (path.isEmpty()) {
      if (locality == Locality.CLUSTER) {
        throw new InvalidInputException(
            "configuration",
            Setting.WEIGHTS_PATH.key(),
            "expected a safetensors file with its sha256, was none: the seeded network is untrained and only a default for"
                + " trying things on one machine");
      }
      return new Weights("", SEEDED);
    }
    String uri = Uris.absolute(path);
    try {
      String digest = WeightsFile.open(uri, pinned, config.defaults().backbone(), store).sha256();
      if (pinned.isEmpty() && locality == Locality.CLUSTER) {
        throw new InvalidInputException(
            uri,
            Setting.WEIGHTS_SHA256.key(),
            "expected the file's digest, was none; it is " + digest);
      }
      return new Weights(uri, digest);
    } catch (TransferException | IllegalArgumentException e) {
      throw new InvalidInputException(uri, Setting.WEIGHTS_PATH.key(), e.getMessage());
    }
  }

  /** Where executors live. */
  enum Locality {
    ONE_PROCESS,
    CLUSTER
  }

  boolean trained() {
    return !path.isEmpty();
  }

  RunSummary.Weights summary() {
    return trained()
        ? new RunSummary.Weights(Uris.fileName(path), digest, true)
        : new RunSummary.Weights("seeded random orthogonal (untrained)", digest, false);
  }
}
