package nst.engine.tile;

import java.io.Serializable;
import java.util.Optional;
import nst.engine.network.Architecture;
import nst.image.Size;
import nst.model.Hyperparameters;

/**
 * The size of tiles. Maps of an image that is larger than a tile are computed tile by tile, which
 * takes more time and much less memory.
 *
 * @param side the longest side of a tile without its halo, in pixels; 0: no tiles
 */
public record TileSize(int side) implements Serializable {
  /** At least twice the stride of the deepest layer of any network. */
  public static final int LEAST = 64;

  /** Every image is computed whole. */
  public static final TileSize NONE = new TileSize(0);

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if it is not 0 and less than {@link #LEAST}
   */
  public TileSize {
    if (side != 0 && side < LEAST) {
      throw new IllegalArgumentException(
          "expected a tile of at least " + LEAST + " px, or 0 for no tiles, was " + side);
    }
  }

  /**
   * The tiles of an image; empty if it is computed whole.
   *
   * @param hyperparameters for a known network
   */
  public Optional<TileGrid> grid(Size image, Hyperparameters hyperparameters) {
    if (side == 0 || image.longest() <= side) {
      return Optional.empty();
    }
    return Optional.of(
        TileGrid.of(
            Architecture.of(hyperparameters.backbone()),
            image,
            side,
            Architecture.deepest(hyperparameters.layers())));
  }
}
