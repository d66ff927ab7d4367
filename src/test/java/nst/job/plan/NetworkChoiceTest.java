package nst.job.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.job.plan.NetworkChoice.Digest;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.Effect;
import nst.model.knob.NetworkChoices.Backbone;
import nst.record.NetworkLooks;
import nst.record.NetworkLooks.Look;
import nst.record.NetworkLooks.Style;
import org.junit.jupiter.api.Test;

class NetworkChoiceTest {
  private static final Network VGG = Network.seeded(Backbone.VGG16);

  private static final Hyperparameters ROW =
      Preset.BALANCED.hyperparameters().on(Backbone.VGG16).with(Knob.INIT, "network");

  private final List<TrainedNetwork> trained = new ArrayList<>();
  private final Map<String, Digest> styles =
      new HashMap<>(
          Map.of(
              "file:/a.jpg", Digest.of("aa"),
              "file:/b.jpg", Digest.of("bb"),
              "file:/bad.jpg", Digest.unreadable(ErrorCode.NOT_FOUND, "no such object")));

  @Test
  void aRowGetsTheNetworkOfItsStylesAndObjective() {
    trained("n1", ROW, VGG.identity(), 3, "aa");
    trained("n2", ROW.with(Knob.TV_WEIGHT, 9), VGG.identity(), 1, "aa", "bb");
    trained("n3", ROW, "other weights", 1, "aa", "bb");
    trained("n4", ROW, VGG.identity(), 5, "bb", "aa");

    assertThat(chosen("file:/a.jpg")).isEqualTo("n1");
    assertThat(chosen("file:/b.jpg")).isEqualTo("n4");
    assertThat(chosen("file:/a.jpg", "file:/b.jpg")).as("a blend of its looks").isEqualTo("n4");
  }

  @Test
  void ofSeveralTheOneWithTheSmallestLossIsTakenWhateverTheirOrder() {
    trained("n3", ROW, VGG.identity(), 2, "aa");
    trained("n2", ROW, VGG.identity(), 1, "aa");
    trained("n1", ROW, VGG.identity(), 1, "aa");
    trained("n0", ROW, VGG.identity(), Double.POSITIVE_INFINITY, "aa");
    for (int turn = 0; turn < trained.size(); turn++) {
      trained.add(trained.remove(0));
      assertThat(chosen("file:/a.jpg")).isEqualTo("n1");
    }
  }

  @Test
  void aRowThatNamesItsNetworkOrNeedsNoneStaysAsItIs() {
    TransferRequest named = request(ROW.with(Knob.NETWORK, "file:/mine"), "file:/x.jpg");
    assertThat(choice().chosen(named)).isSameAs(named);
    TransferRequest plain = request(ROW.with(Knob.INIT, "content"), "file:/x.jpg");
    assertThat(choice().chosen(plain)).isSameAs(plain);
  }

  @Test
  void aRowWithoutANetworkFailsWithTheCommandThatTrainsOne() {
    trained("file:/out/networks/v1/n.safetensors", ROW.with(Knob.TV_WEIGHT, 9), "?", 1, "aa");

    TransferException fault =
        fault(request(ROW.with(Knob.CONTENT_WEIGHT, 7), "file:/a.jpg", "file:/b.jpg"));
    assertThat(fault.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
    assertThat(fault)
        .hasMessage(
            "Invalid network in row id=a: expected a URI, or a network for the styles and the"
                + " objective of the row in file:/my out/networks/v1, found none. To train one, run:"
                + " ./submit.sh train --style /a.jpg --style /b.jpg --photos /m.parquet"
                + " --output '/my out' --preset balanced --content-weight 7.0 --weights-path seeded");
    assertThat(fault(request(ROW, "file:/a.jpg")))
        .hasMessageContaining(
            "found none; n.safetensors has tv_weight=9.0 (here 0.03), other weights of the backbone."
                + " To train one");
  }

  @Test
  void aStyleThatCannotBeReadFailsTheRow() {
    TransferException fault = fault(request(ROW, "file:/bad.jpg"));
    assertThat(fault.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(fault).hasMessage("style: no such object");
  }

  @Test
  void theOptionsGiveTheObjectiveOfTheRow() {
    for (Preset preset : Preset.values()) {
      for (Backbone backbone : List.of(Backbone.VGG16, Backbone.VGG19)) {
        Hyperparameters row =
            preset
                .hyperparameters()
                .on(backbone)
                .with(Knob.STYLE_WEIGHT, 3)
                .with(Knob.TV_TERM, "absolute");
        List<String> options = TrainCommandLine.objective(row);
        Hyperparameters read =
            Preset.named(options.get(1)).orElseThrow().hyperparameters().on(backbone);
        for (int i = 2; i < options.size(); i += 2) {
          String flag = options.get(i);
          Knob knob =
              Arrays.stream(Knob.values()).filter(k -> k.flag().equals(flag)).findFirst().get();
          read = read.with(knob, options.get(i + 1));
        }
        assertThat(read.texts(Effect.OBJECTIVE)).isEqualTo(row.texts(Effect.OBJECTIVE));
      }
    }
  }

  private void trained(
      String uri, Hyperparameters h, String features, double loss, String... looks) {
    trained.add(network(uri, h, features, loss, looks));
  }

  private static TrainedNetwork network(
      String uri, Hyperparameters h, String features, double loss, String... looks) {
    List<Look> all =
        Arrays.stream(looks).map(sha256 -> new Look(List.of(new Style("", sha256, 1)), 0)).toList();
    return new TrainedNetwork(
        uri, new NetworkLooks(all, h.texts(Effect.OBJECTIVE)), features, loss);
  }

  private NetworkChoice choice() {
    return new NetworkChoice(
        new Networks(List.of(VGG)),
        trained,
        styles,
        new TrainCommandLine(
            "file:/m.parquet", "file:/my out", List.of("--weights-path", "seeded")));
  }

  private String chosen(String... uris) {
    return choice().chosen(request(ROW, uris)).hyperparameters().network();
  }

  private TransferException fault(TransferRequest request) {
    return catchThrowableOfType(TransferException.class, () -> choice().chosen(request));
  }

  private static TransferRequest request(Hyperparameters h, String... uris) {
    return new TransferRequest(
        "a",
        "file:/c.jpg",
        "",
        Arrays.stream(uris).map(uri -> new TransferRequest.Style(uri, 1.0 / uris.length)).toList(),
        h);
  }
}
