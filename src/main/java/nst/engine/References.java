package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.EnumMap;
import java.util.Map;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Layer;

/**
 * What {@code loss_normalization=initial} divides by: style and total variation by their value at
 * the content image, content by its value at a map that holds its channel means everywhere.
 */
final class References {
  /** No reference is smaller than this share of the largest that the term could plausibly be. */
  private static final double LEAST_SHARE = 1e-3;

  /** A flat photo counts as if neighbours differed by one grey level of 256. */
  private static final double LEAST_DIFFERENCE = 1 / 255.0;

  private References() {}

  static Targets.References of(
      Map<Layer, NDArray> maps,
      RgbImage content,
      Targets targets,
      Coordinates coordinates,
      Hyperparameters hyperparameters) {
    Map<Layer, Double> contentBy = new EnumMap<>(Layer.class);
    Map<Layer, Double> styleBy = new EnumMap<>(Layer.class);
    maps.forEach(
        (layer, map) -> {
          if (targets.content().containsKey(layer)) {
            contentBy.put(layer, content(map, hyperparameters));
          }
          if (targets.styles().get(0).styles().get(0).grams().containsKey(layer)) {
            styleBy.put(layer, style(layer, map, targets, hyperparameters));
          }
        });
    return new Targets.References(
        contentBy,
        styleBy,
        totalVariation(maps.values().iterator().next(), content, coordinates, hyperparameters));
  }

  /** The content term between F and its channel means: F's variance. */
  private static double content(NDArray map, Hyperparameters hyperparameters) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray mean = map.mean(new int[] {3}, true).mean(new int[] {2}, true); // (1, N, 1, 1)
      double variance = map.sub(mean).square().mean().getFloat();
      double guarded = guarded(variance, map.square().mean().getFloat());
      return switch (hyperparameters.contentTerm()) {
        case MEAN_SQUARES -> guarded;
        case HALF_SUM_SQUARES -> guarded * map.getShape().size() / 2.0;
      };
    }
  }

  private static double style(
      Layer layer, NDArray map, Targets targets, Hyperparameters hyperparameters) {
    GramMatrix gramMatrix = new GramMatrix(hyperparameters.gram());
    double channels = map.getShape().get(1); // N
    double positions = map.getShape().size() / channels; // M
    double value = 0;
    double size = 0;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (Targets.Region region : targets.styles()) {
        NDArray gram = gramMatrix.of(map, region.sharesAt(layer)); // G, (N, N)
        for (Targets.Style style : region.styles()) {
          NDArray target = style.grams().get(layer); // A, (N, N)
          value += style.weight() * gram.sub(target).square().mean().getFloat();
          size += style.weight() * target.square().mean().getFloat();
        }
      }
    }
    return guarded(value, size) * StyleDistance.factor(hyperparameters, channels, positions);
  }

  private static double totalVariation(
      NDArray any, RgbImage content, Coordinates coordinates, Hyperparameters hyperparameters) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray pixels = Pixels.of(any.getManager(), content);
      NDArray variable = coordinates.fromPixels(pixels);
      NDArray x = coordinates.smoothed(variable, pixels);
      double value = new TotalVariation(hyperparameters.tvTerm()).of(x).getFloat();
      double differences = 2.0 * x.getShape().size();
      double least =
          switch (hyperparameters.tvTerm()) {
            case D2L -> LEAST_DIFFERENCE;
            case ABSOLUTE -> differences * LEAST_DIFFERENCE;
            case SQUARES -> differences * LEAST_DIFFERENCE * LEAST_DIFFERENCE;
            case KERAS -> differences * Math.pow(LEAST_DIFFERENCE, 2.5);
          };
      return Math.max(value, least);
    }
  }

  /** The value, but never so near to 0 that its inverse drowns all other terms. */
  private static double guarded(double value, double size) {
    double guarded = Math.max(value, LEAST_SHARE * size);
    return guarded > 0 ? guarded : 1;
  }
}
