package nst.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import nst.model.knob.NetworkChoices.Pooling;
import org.junit.jupiter.api.Test;

class DomainTest {

  @Test
  void readsANumberFromTextAndFromANumber() {
    assertThat(Domain.atLeastZero().parse("1e2")).isEqualTo(100.0);
    assertThat(Domain.atLeastZero().parse(5)).isEqualTo(5.0);
    assertThat(Domain.atLeastZero().parse(0.5f)).isEqualTo(0.5);
  }

  @Test
  void refusesWhatIsOutOfRangeWithBothSides() {
    assertThatThrownBy(() -> Domain.atLeastZero().parse(-1))
        .hasMessage("expected a number of at least 0, was -1");
    assertThatThrownBy(() -> Domain.positive().parse(0))
        .hasMessage("expected a positive number, was 0");
    assertThatThrownBy(() -> Domain.share().parse("2"))
        .hasMessage("expected a number from 0 to 1, was 2");
    assertThatThrownBy(() -> Domain.whole(1, 100).parse(101))
        .hasMessage("expected a whole number from 1 to 100, was 101");
  }

  @Test
  void readsAutoInPlaceOfANumber() {
    Domain domain = Domain.autoOr(1, 64);
    for (Object raw : List.of("auto", "3", 64)) {
      Object value = domain.parse(raw);
      assertThat(domain.text(value)).isEqualTo(raw.toString());
      assertThat(domain.parse(domain.text(value))).isEqualTo(value);
    }
    assertThatThrownBy(() -> domain.parse("0"))
        .hasMessage("expected auto or a whole number from 1 to 64, was 0");
    assertThatThrownBy(() -> domain.parse("automatic")).hasMessageContaining("was automatic");
  }

  @Test
  void refusesNumbersThatAreNone() {
    assertThatThrownBy(() -> Domain.atLeastZero().parse(Double.NaN))
        .hasMessageContaining("was NaN");
    assertThatThrownBy(() -> Domain.atLeastZero().parse(Double.POSITIVE_INFINITY))
        .hasMessageContaining("was Infinity");
    assertThatThrownBy(() -> Domain.atLeastZero().parse("many")).hasMessageContaining("was many");
    assertThatThrownBy(() -> Domain.whole(0, 10).parse(1.5)).hasMessageContaining("was 1.5");
  }

  @Test
  void readsWholeNumbersFromDoublesAndDecimalsAsFarAsTheyAreExact() {
    Domain whole = Domain.whole(Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(whole.parse(512.0)).isEqualTo(512L);
    assertThat(whole.parse(new BigDecimal("512.00"))).isEqualTo(512L);
    assertThatThrownBy(() -> whole.parse(new BigDecimal("0.5"))).hasMessageContaining("was 0.5");
    assertThat(whole.parse((double) ((1L << 53) - 1))).isEqualTo((1L << 53) - 1);
    assertThatThrownBy(() -> whole.parse((double) (1L << 53))) // 2^53 + 1 is the same double
        .hasMessageContaining("expected a whole number");
    assertThatThrownBy(() -> whole.parse(new BigDecimal("18446744073709551615")))
        .hasMessageContaining("was 18446744073709551615");
  }

  @Test
  void quotesOnlyTheBeginningOfALongValue() {
    assertThatThrownBy(() -> Domain.whole(1, 2).parse("y".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300))
        .hasMessageEndingWith("y... (100000 characters)");
  }

  @Test
  void writesEqualValuesAsEqualText() {
    Domain weight = Domain.atLeastZero();
    assertThat(weight.text(weight.parse("1e2"))).isEqualTo(weight.text(weight.parse(100L)));
    assertThat(weight.text(weight.parse(-0.0))).isEqualTo(weight.text(weight.parse(0)));
  }

  @Test
  void readsLayersFromTextListAndMapInNetworkOrder() {
    Domain layers = new Domain.Layers(Domain.Layers.Emptiness.REFUSED);
    Object fromText = layers.parse("relu4_2, relu1_1:0.5");
    assertThat(layers.text(fromText)).isEqualTo("relu1_1:0.5,relu4_2:1.0");
    assertThat(layers.parse(Map.of("relu4_2", 1, "relu1_1", 0.5))).isEqualTo(fromText);
    assertThat(layers.parse(List.of("relu4_2", "relu1_1:0.5"))).isEqualTo(fromText);
  }

  @Test
  void refusesLayersThatAreUnknownTwiceOrNone() {
    Domain layers = new Domain.Layers(Domain.Layers.Emptiness.REFUSED);
    assertThatThrownBy(() -> layers.parse("relu9_9")).hasMessageContaining("was relu9_9");
    assertThatThrownBy(() -> layers.parse("relu1_1,relu1_1"))
        .hasMessageContaining("was relu1_1,relu1_1");
    assertThatThrownBy(() -> layers.parse(java.util.Arrays.asList("relu1_1", null)))
        .hasMessageContaining("was [relu1_1, null]");
    assertThatThrownBy(() -> layers.parse(" ")).hasMessageContaining("was blank");
    assertThatThrownBy(() -> layers.parse("relu1_1:-1")).hasMessageContaining("was relu1_1:-1");
  }

  @Test
  void readsAChoiceInAnyCaseAndListsTheOthers() {
    Domain pooling = Domain.choice(Pooling.class);
    assertThat(pooling.parse("Average")).isEqualTo(Pooling.AVERAGE);
    assertThatThrownBy(() -> pooling.parse("median"))
        .hasMessage("expected one of max, average, was median");
  }
}
