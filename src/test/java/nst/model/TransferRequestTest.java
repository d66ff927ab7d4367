package nst.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TransferRequestTest {
  private static final Hyperparameters BALANCED = Preset.GATYS.hyperparameters();
  private static final TransferRequest REQUEST =
      new TransferRequest(
          "a",
          "s3a://b/c.jpg",
          "",
          List.of(new TransferRequest.Style("s3a://b/s.jpg", 1)),
          BALANCED);

  @Test
  void theKeyIsTheSameInEveryJvm() {
    // A literal, because a changed key means that all catalogues are computed again. If this is
    // intended, increase ALGORITHM_VERSION and write the new key here.
    assertThat(REQUEST.key("weights")).isEqualTo("a2f44470ac539b88f03525ed7dedf0fd");
  }

  @Test
  void theIdIsNoPartOfTheKey() {
    assertThat(
            new TransferRequest("other", REQUEST.content(), "", REQUEST.styles(), BALANCED)
                .key("w"))
        .isEqualTo(REQUEST.key("w"));
  }

  @Test
  void everythingElseIsPartOfTheKey() {
    TransferRequest.Style style = REQUEST.styles().get(0);
    Stream<TransferRequest> others =
        Stream.of(
            new TransferRequest("a", "s3a://b/d.jpg", "", REQUEST.styles(), BALANCED),
            new TransferRequest("a", REQUEST.content(), "v2", REQUEST.styles(), BALANCED),
            with(new TransferRequest.Style(style.uri(), 0.5)),
            with(new TransferRequest.Style(style.uri(), 1, "mask", "")),
            with(new TransferRequest.Style(style.uri(), 1, "", "mask")),
            new TransferRequest(
                "a", REQUEST.content(), "", REQUEST.styles(), BALANCED.with(Knob.SEED, 1)));
    assertThat(
            Stream.concat(
                others.map(r -> r.key("w")), Stream.of(REQUEST.key("w"), REQUEST.key("other"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyKnobIsPartOfTheKey() {
    for (Knob knob : Knob.values()) {
      assertThat(BALANCED.canonicalText()).contains(knob.key() + "=");
    }
  }

  private static TransferRequest with(TransferRequest.Style style) {
    return new TransferRequest("a", REQUEST.content(), "", List.of(style), BALANCED);
  }
}
