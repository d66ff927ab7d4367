package nst.engine.tile;

import java.util.ArrayList;
import java.util.List;
import nst.engine.network.Architecture;
import nst.image.Size;
import nst.model.knob.Layer;

/**
 * The division of an image into tiles. Tiles begin at multiples of the deepest layer's stride, so
 * that poolings and strided convolutions combine the same values as in the whole image. Each
 * position of each map belongs to exactly one tile. A tile is computed with a halo of real pixels,
 * which contains all that the positions of the tile depend on. At the image's own border there is
 * no halo, and the network pads it as it pads the whole image.
 *
 * @param image the size of the image
 * @param rows the tiles from top to bottom
 * @param columns the tiles from left to right
 */
public record TileGrid(Architecture architecture, Size image, List<Span> rows, List<Span> columns) {

  /**
   * A tile along one side of the image, in pixels. All bounds except the image's length are
   * multiples of the stride.
   *
   * @param begin the first pixel of the halo
   * @param from the first pixel of the tile
   * @param to the first pixel after the tile
   * @param end the first pixel after the halo
   */
  public record Span(int begin, int from, int to, int end) {
    int length() {
      return end - begin;
    }
  }

  /** A tile. */
  public record Tile(Span rows, Span columns) {
    /** The pixels of the tile with its halo. */
    public Window withHalo() {
      return new Window(rows.begin(), columns.begin(), rows.length(), columns.length());
    }

    private Size size() {
      return new Size(columns.length(), rows.length());
    }
  }

  /** A rectangle of pixels, or of the positions of a map. */
  public record Window(int top, int left, int height, int width) {
    private Window seenFrom(int originTop, int originLeft) {
      return new Window(top - originTop, left - originLeft, height, width);
    }
  }

  public TileGrid {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /**
   * Divides an image into tiles of nearly equal size.
   *
   * @param side the longest side of a tile without its halo, in pixels; at the end of the image it
   *     is longer by less than the stride
   * @param deepest the deepest layer whose map is used
   */
  static TileGrid of(Architecture architecture, Size image, int side, Layer deepest) {
    int stride = architecture.geometry(deepest).stride();
    int halo = quotient(architecture.reach(deepest), stride) * stride;
    return new TileGrid(
        architecture,
        image,
        spans(image.height(), side, stride, halo),
        spans(image.width(), side, stride, halo));
  }

  private static List<Span> spans(int length, int side, int stride, int halo) {
    int units = Math.max(1, length / stride);
    int tiles = quotient(units, side / stride);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < tiles; i++) {
      int from = units * i / tiles * stride;
      int to = i + 1 == tiles ? length : units * (i + 1) / tiles * stride;
      spans.add(new Span(Math.max(0, from - halo), from, to, Math.min(length, to + halo)));
    }
    return spans;
  }

  private static int quotient(int dividend, int divisor) { // rounded up
    return (dividend + divisor - 1) / divisor;
  }

  /** All tiles, row by row. */
  public List<Tile> tiles() {
    return rows.stream()
        .flatMap(row -> columns.stream().map(column -> new Tile(row, column)))
        .toList();
  }

  /** The number of pixels of the largest tile with its halo. */
  public long largestArea() {
    return tiles().stream().mapToLong(tile -> tile.size().area()).max().orElseThrow();
  }

  /** The number of pixels of all tiles with their halos, relative to that of the image. */
  public double overlap() {
    long area = tiles().stream().mapToLong(tile -> tile.size().area()).sum();
    return area / (double) image.area();
  }

  /** The number of channels of a layer's map. */
  public int channels(Layer layer) {
    return architecture.geometry(layer).channels();
  }

  /** The size of a layer's map of the whole image. */
  public Size map(Layer layer) {
    return new Size(
        architecture.positions(layer, image.width()),
        architecture.positions(layer, image.height()));
  }

  /** The positions of a tile in the map of the whole image, without the halo. */
  public Window inImage(Tile tile, Layer layer) {
    int stride = architecture.geometry(layer).stride();
    int top = tile.rows().from() / stride;
    int left = tile.columns().from() / stride;
    return new Window(
        top,
        left,
        end(layer, tile.rows(), image.height()) - top,
        end(layer, tile.columns(), image.width()) - left);
  }

  private int end(Layer layer, Span span, int length) {
    return span.to() == length
        ? architecture.positions(layer, length)
        : span.to() / architecture.geometry(layer).stride();
  }

  /** The same positions in the map of the tile with its halo. */
  public Window inTile(Tile tile, Layer layer) {
    int stride = architecture.geometry(layer).stride();
    return inImage(tile, layer)
        .seenFrom(tile.rows().begin() / stride, tile.columns().begin() / stride);
  }
}
