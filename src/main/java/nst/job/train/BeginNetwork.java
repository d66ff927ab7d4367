package nst.job.train;

import java.util.Collections;
import java.util.List;
import nst.engine.stylenetwork.EmbeddedStyleNetwork;
import nst.engine.stylenetwork.StyleNetworkFile;
import nst.engine.stylenetwork.TrainingSetup;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.text.Sha256;
import nst.record.NetworkLooks;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * The trained network that a training begins with.
 *
 * @param sha256 of the bytes of its file
 */
record BeginNetwork(StyleNetworkFile file, String sha256) {

  /**
   * Reads the file of a network.
   *
   * @throws TransferException if it cannot be read or is no style network
   */
  static BeginNetwork read(String uri, ObjectStore store, RunConfig config) {
    byte[] bytes =
        Knob.NETWORK.isEmbedded(uri)
            ? EmbeddedStyleNetwork.bytes()
            : store.read(uri, config.whole(Setting.MAX_BYTES));
    try {
      return new BeginNetwork(StyleNetworkFile.of(Uris.fileName(uri), bytes), Sha256.hex(bytes));
    } catch (IllegalArgumentException e) {
      throw new TransferException(ErrorCode.INVALID_PARAMETER, e.getMessage(), e);
    }
  }

  /**
   * The beginning of a training. A look that the network has begins with it, and any other look
   * with the mean of all looks of the network.
   */
  TrainingSetup.Begin begin(List<NetworkLooks.Look> looks) {
    NetworkLooks known = NetworkLooks.read(file.recipe());
    List<Double> mean = Collections.nCopies(file.looks(), 1.0 / file.looks());
    return new TrainingSetup.Begin(
        file,
        looks.stream()
            .map(look -> known.blend(look.styles(), look.imageSize()).orElse(mean))
            .toList());
  }
}
