package nst.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TermKindsTest {
  private final SweptRows rows = new SweptRows();

  /**
   * Unweighted terms with another equation, or not normalised at another size, are another kind.
   */
  @Test
  void keepsTermsThatCannotBeComparedApart() {
    rows.row(1, 1, "gram", "raw", "content_weight", "1");
    rows.row(1, 1, "gram", "centered", "content_weight", "2");
    rows.row(1, 1, "gram", "centered", "content_weight", "3");
    assertThat(rows.sweep().kinds().labels()).containsExactly("gram=raw", "gram=centered");
    assertThat(SweptRows.grid("image_size", "64", "128", "256").sweep().kinds().labels())
        .containsExactly("as in the run");
    SweptRows raw = new SweptRows();
    for (String size : new String[] {"64", "128", "256"}) {
      raw.row(1, 1, "image_size", size, "loss_normalization", "none");
    }
    assertThat(raw.sweep().kinds().labels())
        .containsExactly("image_size=64", "image_size=128", "image_size=256");
  }
}
