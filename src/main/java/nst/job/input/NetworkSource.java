package nst.job.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nst.engine.stylenetwork.EmbeddedStyleNetwork;
import nst.engine.stylenetwork.NetworkStart;
import nst.engine.stylenetwork.StyleNetworkFile;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.OutputChoices.ColorPreservation;
import nst.model.text.Sha256;
import nst.record.NetworkLooks;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/** Reads style networks and finds the styles of rows among their looks. For several threads. */
public final class NetworkSource {
  /** Batches are grouped by style, so rows in succession usually need the same network. */
  private static final int MOST_KEPT = 2;

  /** Of a network's looks, so many are named in a message. */
  private static final int MOST_NAMED = 10;

  private final InputReader reader;
  private final Map<String, Read> known = new LinkedHashMap<>(4, 0.75f, true);

  private record Read(StyleNetworkFile file, String sha256, NetworkLooks looks) {}

  /**
   * Reads from a store.
   *
   * @param maxBytes larger files are refused before they are read
   */
  public NetworkSource(ObjectStore store, long maxBytes) {
    this.reader = new InputReader(store, maxBytes);
  }

  /**
   * Returns the network that a row names, with the share of each look.
   *
   * @param styleSha256 in the order of the row's styles
   * @param warnings receives what the network does not do as the row asks
   * @throws TransferException if the file cannot be read or is no style network, or the network was
   *     not trained on the row's styles
   */
  public synchronized NetworkStart start(
      TransferRequest request, List<String> styleSha256, List<String> warnings, RowTimes times) {
    Read network = network(request.hyperparameters().network(), times);
    List<NetworkLooks.Style> styles = new ArrayList<>();
    for (int i = 0; i < styleSha256.size(); i++) {
      styles.add(new NetworkLooks.Style("", styleSha256.get(i), request.styles().get(i).weight()));
    }
    List<Double> blend =
        network
            .looks()
            .blend(styles, request.hyperparameters().imageSize())
            .orElseThrow(() -> unknown(request, styleSha256, network));
    warnings.addAll(warnings(request, network.looks()));
    return new NetworkStart(network.file(), network.sha256(), blend);
  }

  private Read network(String uri, RowTimes times) {
    Read network = known.get(uri);
    if (network == null) {
      network =
          Knob.NETWORK.isEmbedded(uri)
              ? parsed(uri, EmbeddedStyleNetwork.bytes())
              : reader.read(uri, Knob.NETWORK.key(), times, bytes -> parsed(uri, bytes));
      known.put(uri, network);
      if (known.size() > MOST_KEPT) {
        known.remove(known.keySet().iterator().next());
      }
    }
    return network;
  }

  private static Read parsed(String uri, byte[] bytes) {
    if (bytes.length == 0) {
      throw new TransferException(ErrorCode.EMPTY, "Cannot read " + uri + ": it has no bytes");
    }
    try {
      StyleNetworkFile file = StyleNetworkFile.of(Uris.fileName(uri), bytes);
      NetworkLooks looks = NetworkLooks.read(file.recipe());
      if (looks.looks().size() != file.looks()) {
        throw new IllegalArgumentException(
            "Invalid style network "
                + Uris.fileName(uri)
                + ": expected a recipe with "
                + file.looks()
                + " looks, was one with "
                + looks.looks().size());
      }
      return new Read(file, Sha256.hex(bytes), looks);
    } catch (IllegalArgumentException e) {
      throw new TransferException(ErrorCode.INVALID_PARAMETER, e.getMessage(), e);
    }
  }

  private static TransferException unknown(
      TransferRequest request, List<String> styleSha256, Read network) {
    List<String> styles = new ArrayList<>();
    for (int i = 0; i < styleSha256.size(); i++) {
      if (!network.looks().knows(styleSha256.get(i))) {
        styles.add(request.styles().get(i).uri() + " (SHA-256 " + styleSha256.get(i) + ")");
      }
    }
    List<NetworkLooks.Look> looks = network.looks().looks();
    String more = looks.size() > MOST_NAMED ? " and " + (looks.size() - MOST_NAMED) + " more" : "";
    return new TransferException(
        ErrorCode.INVALID_PARAMETER,
        "Invalid "
            + Knob.NETWORK.key()
            + " in row id="
            + request.id()
            + ": expected a network that was trained on the style "
            + String.join(" and ", styles)
            + ", was "
            + request.hyperparameters().network()
            + ", which was trained on "
            + looks.stream()
                .limit(MOST_NAMED)
                .map(NetworkLooks.Look::toString)
                .collect(Collectors.joining(", "))
            + more);
  }

  private static List<String> warnings(TransferRequest request, NetworkLooks looks) {
    List<String> warnings = new ArrayList<>();
    List<String> differences = looks.differences(request.hyperparameters());
    if (!differences.isEmpty()) {
      warnings.add(
          Knob.NETWORK.key()
              + ": it was trained for another objective, with "
              + String.join(", ", differences));
    }
    if (request.hyperparameters().originalColors() == ColorPreservation.MATCH) {
      warnings.add(
          Knob.NETWORK.key()
              + ": original_colors=match has no effect on the picture of the network, only on the"
              + " steps after it");
    }
    if (request.styles().stream()
        .anyMatch(style -> !style.mask().isEmpty() || !style.styleMask().isEmpty())) {
      warnings.add(
          Knob.NETWORK.key()
              + ": masks have no effect on the picture of the network, only on the steps after it");
    }
    return warnings;
  }
}
