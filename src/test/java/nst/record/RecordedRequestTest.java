package nst.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Setting.RecordedSources;
import nst.model.TransferRequest;
import org.junit.jupiter.api.Test;

/** Checks what the record inside an image contains about the location of its inputs. */
class RecordedRequestTest {
  private static final TransferRequest REQUEST =
      new TransferRequest(
          "a",
          "s3a://customer-17/2026/weddings/a b.jpg",
          "v1",
          List.of(
              new TransferRequest.Style("file:/home/zoe/s.jpg", 0.25, "file:/x/m.png", ""),
              new TransferRequest.Style("s3a://customer-17/t.jpg", 0.75, "", "hdfs://h/p/q.png")),
          Preset.BALANCED
              .hyperparameters()
              .with(
                  Map.of(
                      Knob.INIT,
                      Knob.INIT.domain().parse("image"),
                      Knob.INIT_IMAGE,
                      "s3a://b/i.png",
                      Knob.NETWORK,
                      "file:/home/zoe/n.safetensors")));

  @Test
  void printsOnlyTheNames() {
    TransferRequest told = RecordedRequest.of(REQUEST, RecordedSources.NAME);
    assertThat(told.content()).isEqualTo("a b.jpg");
    assertThat(told.styles())
        .containsExactly(
            new TransferRequest.Style("s.jpg", 0.25, "m.png", ""),
            new TransferRequest.Style("t.jpg", 0.75, "", "q.png"));
    assertThat(told.hyperparameters().initImage()).isEqualTo("i.png");
    assertThat(told.hyperparameters().network()).isEqualTo("n.safetensors");
    assertThat(RequestJson.full(told).toString()).doesNotContain("://").doesNotContain("file:");
    assertThat(told.id()).isEqualTo("a");
    assertThat(told.contentVersion()).isEqualTo("v1");
  }

  @Test
  void recordsWholeUrisIfConfigured() {
    assertThat(RecordedRequest.of(REQUEST, RecordedSources.URI)).isEqualTo(REQUEST);
  }
}
