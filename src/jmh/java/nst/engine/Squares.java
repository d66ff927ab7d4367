package nst.engine;

import java.util.List;
import picocli.CommandLine.Option;

/** The square images that a command measures, and in which precisions. */
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

  /** These sizes, unless others are asked for. */
  Squares(Integer... sizes) {
    this.sizes = List.of(sizes);
  }

  /** One of them. */
  record Square(int size, String precision) {}

  /** Precision by precision at each size. */
  List<Square> all() {
    return sizes.stream()
        .flatMap(size -> precisions.stream().map(precision -> new Square(size, precision)))
        .toList();
  }
}
