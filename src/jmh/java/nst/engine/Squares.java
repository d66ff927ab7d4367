package nst.engine;

import java.util.List;
import picocli.CommandLine.Option;

/** The sizes of square images that a command measures, and the precisions. */
final class Squares {
  @Option(
      names = "--sizes",
      split = ",",
      description = "Sides of the square images, in pixels. Default: ${DEFAULT-VALUE}.")
  private List<Integer> sizes;

  @Option(
      names = "--precisions",
      split = ",",
      description = "Precisions. Default: ${DEFAULT-VALUE}.")
  private List<String> precisions = List.of("float32", "bfloat16");

  /** The default sizes. */
  Squares(Integer... sizes) {
    this.sizes = List.of(sizes);
  }

  /** A size with a precision. */
  record Square(int size, String precision) {}

  /** All sizes for each precision. */
  List<Square> all() {
    return sizes.stream()
        .flatMap(size -> precisions.stream().map(precision -> new Square(size, precision)))
        .toList();
  }
}
