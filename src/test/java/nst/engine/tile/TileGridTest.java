package nst.engine.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import nst.engine.TestEngine;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Preset;
import nst.model.Setting;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileGridTest {
  private static final Hyperparameters DEFAULT =
      Preset.BALANCED.hyperparameters().on(Backbone.VGG16);

  private static TileGrid grid(Size image, int side, Hyperparameters h) {
    return new TileSize(side).grid(image, h).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"160, 208, 64", "161, 207, 96", "67, 129, 64", "1000, 65, 500"})
  void eachPositionOfAMapBelongsToOneTile(int width, int height, int side) {
    TileGrid grid = grid(new Size(width, height), side, DEFAULT);
    for (Layer layer : DEFAULT.layers()) {
      Size map = grid.map(layer);
      Map<Long, Integer> owners = new HashMap<>();
      for (TileGrid.Tile tile : grid.tiles()) {
        TileGrid.Window own = grid.inImage(tile, layer);
        for (int y = 0; y < own.height(); y++) {
          for (int x = 0; x < own.width(); x++) {
            owners.merge((own.top() + y) * (long) map.width() + own.left() + x, 1, Integer::sum);
          }
        }
      }
      assertThat(owners).as(layer.label()).hasSize((int) map.area());
      assertThat(owners.values()).containsOnly(1);
    }
  }

  @Test
  void tilesBeginAtPositionsOfTheDeepestLayerAndSeeAsFarAsIt() {
    TileGrid grid = grid(new Size(1000, 300), 256, DEFAULT);

    // relu4_2 of VGG16 has a stride of 8 and sees 2 + 4 + 12 + 16 pixels far.
    assertThat(grid.columns())
        .containsExactly(
            new TileGrid.Span(0, 0, 248, 288),
            new TileGrid.Span(208, 248, 496, 536),
            new TileGrid.Span(456, 496, 744, 784),
            new TileGrid.Span(704, 744, 1000, 1000));
    assertThat(grid.rows())
        .containsExactly(new TileGrid.Span(0, 0, 144, 184), new TileGrid.Span(104, 144, 300, 300));
    assertThat(grid.largestArea()).isEqualTo(328L * 196);
    assertThat(grid.overlap()).isEqualTo(1240 * 380 / 300_000.0);
  }

  @Test
  void dividesOnlyImagesThatAreLargerThanATile() {
    assertThat(new TileSize(512).grid(new Size(512, 400), DEFAULT)).isEmpty();
    assertThat(new TileSize(512).grid(new Size(400, 513), DEFAULT)).isPresent();
    assertThat(TileSize.NONE.grid(new Size(9000, 9000), DEFAULT)).isEmpty();
  }

  @Test
  void refusesATileThatIsTooSmall() {
    assertThatThrownBy(() -> new TileSize(63))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a tile of at least 64 px, or 0 for no tiles, was 63");
    assertThatThrownBy(() -> Setting.TILE_SIZE.domain().parse("63"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 0 or a whole number from 64 to 65535, was 63");
    assertThat(Setting.TILE_SIZE.domain().parse("0")).isEqualTo(0L);
    assertThat(Setting.TILE_SIZE.domain().parse(64)).isEqualTo(64L);
  }

  /** Every network's deepest layer has whole positions in the smallest tile. */
  @Test
  void theSmallestTileHasAPositionOfEveryLayer() {
    Hyperparameters deep =
        TestEngine.with(
            Preset.BALANCED.hyperparameters().on(Backbone.MOBILENET_V2),
            "content_layers=features18:1\nstyle_layers=features1:1");
    TileGrid grid = grid(new Size(200, 130), TileSize.LEAST, deep);

    assertThat(grid.tiles()).hasSize(6);
    assertThat(grid.tiles())
        .allSatisfy(tile -> assertThat(grid.inImage(tile, Layer.FEATURES18).height()).isPositive());
  }
}
