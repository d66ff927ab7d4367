package nst.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.job.network.Networks;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.OptimizerChoices.Init;
import nst.record.NetworkLooks;
import nst.storage.NetworkLayout;
import nst.storage.Uris;

/**
 * Chooses a style network of the output for each row that has {@code init=network} and names none.
 */
final class NetworkChoice implements RowPlan.Choice {
  private static final long serialVersionUID = 1L;

  private final Networks features;
  private final List<TrainedNetwork> trained;
  private final Map<String, Digest> styles;
  private final TrainCommandLine command;

  /**
   * The digest of a style's bytes, or why it cannot be read.
   *
   * @param message empty if it was read; otherwise it belongs to {@code code}
   */
  record Digest(String sha256, ErrorCode code, String message) implements Serializable {
    static Digest of(String sha256) {
      return new Digest(sha256, ErrorCode.INTERNAL, "");
    }

    static Digest unreadable(ErrorCode code, String message) {
      return new Digest("", code, message);
    }
  }

  /**
   * @param features the networks whose features rows compare
   * @param trained the networks of the output
   * @param styles the digest of every style of the rows that need a network, by URI
   */
  NetworkChoice(
      Networks features,
      List<TrainedNetwork> trained,
      Map<String, Digest> styles,
      TrainCommandLine command) {
    this.features = features;
    this.trained = trained.stream().sorted(TrainedNetwork.BEST_FIRST).toList();
    this.styles = new TreeMap<>(styles);
    this.command = command;
  }

  /** Whether a row leaves the choice of its network to the plan. */
  static boolean isOpen(Hyperparameters h) {
    return h.init() == Init.NETWORK && h.network().isEmpty();
  }

  @Override
  public TransferRequest chosen(TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    if (!isOpen(h)) {
      return request;
    }
    String uri = find(request).orElseThrow(() -> none(request));
    return new TransferRequest(
        request.id(),
        request.content(),
        request.contentVersion(),
        request.styles(),
        h.with(Knob.NETWORK, uri),
        request.substitutedLayers());
  }

  /**
   * The network for the styles and the objective of a row.
   *
   * @throws TransferException if a style cannot be read
   */
  Optional<String> find(TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    List<NetworkLooks.Style> wanted = wanted(request);
    String identity = features.get(h.backbone()).identity();
    return trained.stream()
        .filter(network -> network.has(wanted) && network.isFor(h, identity))
        .findFirst()
        .map(TrainedNetwork::uri);
  }

  private List<NetworkLooks.Style> wanted(TransferRequest request) {
    List<NetworkLooks.Style> wanted = new ArrayList<>();
    for (TransferRequest.Style style : request.styles()) {
      Digest digest = styles.get(style.uri());
      if (!digest.message().isEmpty()) {
        throw new TransferException(digest.code(), "style: " + digest.message());
      }
      wanted.add(new NetworkLooks.Style("", digest.sha256(), style.weight()));
    }
    return wanted;
  }

  private TransferException none(TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    List<NetworkLooks.Style> wanted = wanted(request);
    String identity = features.get(h.backbone()).identity();
    Optional<String> near =
        trained.stream()
            .filter(network -> network.has(wanted))
            .findFirst()
            .map(network -> difference(network, h, identity));
    boolean usual = h.backbone() == features.get(Backbone.AUTO).backbone();
    return new TransferException(
        ErrorCode.INVALID_PARAMETER,
        "Invalid "
            + Knob.NETWORK.key()
            + " in row id="
            + request.id()
            + ": expected a URI, or a network for the styles and the objective of the row in "
            + NetworkLayout.folder(command.output())
            + ", found none"
            + near.orElse("")
            + ". To train one, run: "
            + command.of(request, usual));
  }

  private static String difference(TrainedNetwork network, Hyperparameters h, String identity) {
    List<String> differences = new ArrayList<>(network.looks().differences(h));
    if (!network.features().equals(identity)) {
      differences.add("other weights of the backbone");
    }
    return "; " + Uris.fileName(network.uri()) + " has " + String.join(", ", differences);
  }
}
