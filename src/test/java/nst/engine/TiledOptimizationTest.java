package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.engine.tile.TileSize;
import nst.model.Hyperparameters;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.api.Test;

/** Compares pictures in tiles with whole pictures, after an optimisation with a pyramid. */
class TiledOptimizationTest {
  private static final int TILE = 64;
  private static final int BORDER = 4;

  @Test
  void givesTheLossesAndThePictureOfTheWholeImage() {
    Hyperparameters recipe =
        TestEngine.shallow("image_size=112\nsmallest_size=56\nnum_iterations=6\nkeep=best");
    SourceImages images = TestEngine.images(112, 90);
    StylizedImage whole = TestEngine.stylize(images, recipe);
    StylizedImage tiled;
    try (StyleTransfer engine =
        StyleTransfer.open(
            TestEngine.device(), NetworkWeights.seeded(Backbone.VGG19), new TileSize(TILE))) {
      tiled = engine.stylize(images, recipe, sample -> {});
    }

    assertThat(tiled.evaluations()).isEqualTo(whole.evaluations());
    for (int i = 0; i < whole.losses().size(); i++) {
      double loss = whole.losses().get(i).totalLoss();
      assertThat(tiled.losses().get(i).totalLoss()).isCloseTo(loss, within(1e-3 * loss));
    }
    double saved = whole.saved().totalLoss();
    assertThat(tiled.saved().totalLoss()).isCloseTo(saved, within(1e-3 * saved));
    // The optimiser amplifies rounding, which differs between one call and tiles.
    assertThat(largestDifference(whole, tiled, true)).as("at the tiles' borders").isLessThan(2);
    assertThat(largestDifference(whole, tiled, false)).as("elsewhere").isLessThan(2);
  }

  /** In grey levels of 255. The tiles meet at column 56 and at row 44. */
  private static double largestDifference(
      StylizedImage whole, StylizedImage tiled, boolean atBorders) {
    int width = whole.image().width();
    int height = whole.image().height();
    double largest = 0;
    for (int i = 0; i < whole.image().planes().length; i++) {
      boolean near =
          Math.abs(i % width - 56) < BORDER || Math.abs(i / width % height - 44) < BORDER;
      if (near == atBorders) {
        double difference = whole.image().planes()[i] - tiled.image().planes()[i];
        largest = Math.max(largest, 255 * Math.abs(difference));
      }
    }
    return largest;
  }
}
