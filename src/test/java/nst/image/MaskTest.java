package nst.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MaskTest {
  private final Mask rightHalf =
      Mask.of(
          TestImages.image(
              64, 16, (x, y) -> x < 0.5 ? new double[] {0, 0, 0} : new double[] {1, 1, 1}));

  @Test
  void readsGreyAsShares() {
    Mask mask = Mask.of(TestImages.image(4, 2, (x, y) -> new double[] {x, x, x}));
    assertThat(mask.width()).isEqualTo(4);
    assertThat(mask.height()).isEqualTo(2);
    assertThat(mask.values()[1]).isCloseTo(0.375f, within(1e-6f));
  }

  @Test
  void fadesAHardEdgeOverAsManyPixelsAsAsked() {
    Mask soft = rightHalf.feathered(8);
    assertThat(soft.values()[27]).isLessThan(0.03f);
    assertThat(soft.values()[28]).isCloseTo(0.04f, within(0.02f));
    assertThat(soft.values()[31] + soft.values()[32]).isCloseTo(1f, within(1e-5f));
    assertThat(soft.values()[35]).isCloseTo(0.96f, within(0.02f));
    assertThat(soft.values()[36]).isGreaterThan(0.97f);
    assertThat(soft.values()[0]).isZero();
    assertThat(soft.values()[63]).isCloseTo(1f, within(1e-6f));
  }

  @Test
  void doesNotFadeAtTheBorderOfTheImage() {
    Mask everywhere = Mask.of(TestImages.flat(9, 9, 1, 1, 1)).feathered(20);
    for (float share : everywhere.values()) {
      assertThat(share).isCloseTo(1f, within(1e-6f));
    }
  }

  @Test
  void keepsItsMeanWhenResized() {
    Mask small = rightHalf.resized(10, 5);
    double sum = 0;
    for (float share : small.values()) {
      assertThat(share).isBetween(0f, 1f);
      sum += share;
    }
    assertThat(sum / 50).isCloseTo(0.5, within(0.01));
    assertThat(rightHalf.resized(64, 16)).isSameAs(rightHalf);
  }

  @Test
  void zeroFeatherLeavesTheEdgeHard() {
    assertThat(rightHalf.feathered(0)).isSameAs(rightHalf);
  }

  @Test
  void refusesANegativeFeather() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rightHalf.feathered(-1))
        .withMessage("Invalid feather: expected zero or more pixels, was -1.0");
    assertThatIllegalArgumentException().isThrownBy(() -> rightHalf.feathered(Double.NaN));
  }
}
