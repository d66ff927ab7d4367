package nst.cli.option;

import java.util.Optional;
import java.util.OptionalInt;
import nst.model.Domain;
import nst.model.Problems;

/** The option {@code --size}: the size in which pictures are delivered. */
public final class DeliveredSize {
  private static final Domain SIZES = new Domain.Whole(32, 65_535);

  private DeliveredSize() {}

  /**
   * The longest side in pixels; empty for pictures as they are made.
   *
   * @param typed pixels, or {@code original}
   * @param problems receives a fault
   */
  public static OptionalInt longest(Optional<String> typed, Problems problems) {
    if (typed.isEmpty()) {
      return OptionalInt.empty();
    }
    if (typed.get().equals("original")) {
      return OptionalInt.of(Integer.MAX_VALUE);
    }
    try {
      return OptionalInt.of(Math.toIntExact((Long) SIZES.parse(typed.get())));
    } catch (IllegalArgumentException e) {
      problems.add("--size", "", e.getMessage() + ", or original");
      return OptionalInt.empty();
    }
  }
}
