package nst.report.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import nst.model.Preset;
import nst.model.TransferRequest.Style;
import nst.model.TransferResult.Status;
import org.junit.jupiter.api.Test;

/** Tests which columns of a run are axes. */
class SweepRowsTest {
  private final SweptRows rows = new SweptRows();

  @Test
  void takesTheKnobsThatDifferAndPutsNumbersInOrder() {
    for (String weight : new String[] {"0.25", "0.01", "0.05"}) {
      rows.row(1, 1, "content_weight", weight, "style_scale", "1");
      rows.row(1, 1, "content_weight", weight, "style_scale", "0.5");
    }
    assertThat(rows.axes())
        .containsExactly("content_weight [0.01, 0.05, 0.25]", "style_scale [0.5, 1]");
    assertThat(rows.sweep().values(3))
        .containsExactly(Map.entry("content_weight", "0.01"), Map.entry("style_scale", "0.5"));
    assertThat(rows.sweep().isSampled()).isFalse();
  }

  @Test
  void keepsTheOrderOfValuesThatAreNoNumbers() {
    rows.row(1, 1, "pooling", "max").row(1, 1, "pooling", "average").row(1, 1, "pooling", "max");
    assertThat(rows.axes()).containsExactly("pooling [max, average]");
  }

  @Test
  void namesThePresetInsteadOfTheKnobsThatFollowFromIt() {
    for (Preset preset : new Preset[] {Preset.BALANCED, Preset.GATYS, Preset.KERAS}) {
      rows.row(preset, 1.0, 1.0, "num_iterations", "30");
      rows.row(preset, 1.0, 1.0, "num_iterations", "200");
    }
    assertThat(rows.axes())
        .containsExactly("preset [balanced, gatys, keras]", "num_iterations [30, 200]");
    assertThat(rows.sweep().kinds().labels()).containsExactly("balanced", "gatys", "keras");
    assertThat(rows.sweep().kinds().normalized()).isFalse();
  }

  @Test
  void keepsAxesApartFromPhotosAndPaintings() {
    for (String photo : new String[] {"lake.jpg", "pier.jpg"}) {
      for (String painting : new String[] {"waves.jpg", "night.jpg"}) {
        for (String weight : new String[] {"1", "2", "3"}) {
          rows.photo(photo).painting(painting).row(1, 1, "style_weight", weight);
        }
      }
    }
    assertThat(rows.axes())
        .containsExactly(
            "photo [file:/photos/lake.jpg, file:/photos/pier.jpg]",
            "painting [file:/paintings/waves.jpg, file:/paintings/night.jpg]",
            "style_weight [1, 2, 3]");
    assertThat(rows.sweep().axes().get(0).labels()).containsExactly("lake.jpg", "pier.jpg");
  }

  @Test
  void leavesOutAWeightThatEachPaintingHasForItself() {
    for (String weight : new String[] {"1", "2", "3"}) {
      rows.painting("a.jpg").row(1, 1, "style_weight", weight, "style_scale", "0.5");
      rows.painting("b.jpg").row(1, 1, "style_weight", weight, "style_scale", "2");
    }
    assertThat(rows.axes())
        .containsExactly(
            "painting [file:/paintings/a.jpg, file:/paintings/b.jpg]", "style_weight [1, 2, 3]");
  }

  @Test
  void takesTheStepsOfABlendAsNumbers() {
    Style first = new Style("file:/paintings/a.jpg", 1);
    Style second = new Style("file:/paintings/b.jpg", 1);
    rows.own(Map.of("blend", "0.0")).styles(first).row(1, 1);
    rows.own(Map.of("blend", "1.0")).styles(second).row(1, 1);
    rows.own(Map.of("blend", "0.5"))
        .styles(new Style(first.uri(), 0.5), new Style(second.uri(), 0.5))
        .row(1, 1);
    assertThat(rows.axes()).containsExactly("blend [0, 0.5, 1]");
  }

  @Test
  void findsNoSweepInACatalogue() {
    for (int i = 0; i < 10; i++) {
      rows.photo("photo-" + i + ".jpg").row(1, 1, "content_weight", "0." + (1 + i % 3));
    }
    assertThat(rows.found()).isEmpty();
  }

  @Test
  void findsNoSweepInRowsWithoutASettingThatDiffers() {
    rows.row(1, 1).row(1, 1).row(1, 1);
    assertThat(rows.found()).isEmpty();
  }

  @Test
  void ignoresDuplicatesAndKeepsFailedRows() {
    rows.row(1, 1, "seed", "1").row(1, 1, "seed", "2");
    rows.status(Status.FAILED).row(Preset.BALANCED, null, null, "seed", "3");
    rows.status(Status.DUPLICATE).row(1, 1, "seed", "4");
    assertThat(rows.axes()).containsExactly("seed [1, 2, 3]");
    assertThat(rows.sweep().values(3)).isEmpty();
    assertThat(rows.sweep().values(2)).containsEntry("seed", "3");
  }

  @Test
  void recognizesSamples() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      rows.row(
          1,
          1,
          "content_weight",
          Double.toString(Math.pow(10, -2 * random.nextDouble())),
          "tv_weight",
          Double.toString(0.1 * random.nextDouble()));
    }
    assertThat(rows.sweep().isSampled()).isTrue();
    assertThat(rows.sweep().axes().get(0).isLogarithmic()).isTrue();
    assertThat(rows.sweep().axes().get(1).isLogarithmic()).isFalse();
  }

  @Test
  void takesRowsThatDifferInOneSettingAtATimeForNoSamples() {
    for (String knob : new String[] {"content_weight", "tv_weight", "style_scale"}) {
      for (String value : new String[] {"0.3", "0.4", "0.6", "0.7"}) {
        rows.row(1, 1, knob, value);
      }
    }
    rows.row(1, 1);
    assertThat(rows.sweep().isSampled()).isFalse();
  }
}
