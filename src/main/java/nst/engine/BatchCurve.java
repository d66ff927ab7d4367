package nst.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import nst.engine.objective.BatchedObjective;
import nst.engine.objective.FeatureExtractor;
import nst.engine.objective.Parametrization;
import nst.engine.objective.Point;
import nst.engine.objective.ScaleSetup;
import nst.engine.objective.SharedTargets;
import nst.engine.source.SourceImages;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.TransferException;

/**
 * The time of an evaluation for each image, by the number of images in a pass.
 *
 * @param points at least one; the first is one image alone, each other has twice the images of the
 *     one before
 */
public record BatchCurve(List<Measured> points) implements Serializable {
  /** A larger pass is chosen only if it saves this share of the time. */
  static final double WORTH = 0.05;

  /** The first evaluations of a shape are slow: libtorch prepares kernels for it. */
  private static final int WARM_UPS = 2;

  private static final int REPETITIONS = 3;

  /**
   * A pass that was measured.
   *
   * @param seconds for each image
   */
  public record Measured(int images, double seconds) implements Serializable {}

  public BatchCurve {
    points = List.copyOf(points);
  }

  /**
   * Measures passes of 1, 2, 4 and more images, until a pass is not faster, too large for the
   * device, or has {@code most} images.
   *
   * @param features its manager owns what is measured
   */
  static BatchCurve measured(
      FeatureExtractor features, Hyperparameters hyperparameters, Size size, int most) {
    SourceImages images = SyntheticImages.of(size);
    Parametrization coordinates = Parametrization.of(hyperparameters);
    ScaleSetup setup =
        new ScaleSetup(features, new SharedTargets(0, 0), images, hyperparameters, size, size);
    NDArray variable =
        coordinates.fromPixels(features.arithmetic().pixels(features.manager(), setup.content()));
    Point point = new Point(setup.objective(coordinates), variable, 0);
    List<Measured> points = new ArrayList<>();
    for (int count = 1; count <= most; count *= 2) {
      try {
        points.add(new Measured(count, seconds(Collections.nCopies(count, point)) / count));
      } catch (EngineException | TransferException e) {
        if (count == 1) {
          throw e;
        }
        break; // too little memory
      }
      if (new BatchCurve(points).images() < count) {
        break;
      }
    }
    return new BatchCurve(points);
  }

  private static double seconds(List<Point> points) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < WARM_UPS + REPETITIONS; i++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        long began = System.nanoTime();
        BatchedObjective.evaluate(points).forEach(one -> one.gradient().close());
        long took = System.nanoTime() - began;
        least = i < WARM_UPS ? least : Math.min(least, took);
      }
    }
    return least / 1e9;
  }

  /** The number of images in the fastest pass; of nearly equal ones, the smallest. */
  public int images() {
    Measured best = points.get(0);
    for (Measured larger : points) {
      if (larger.seconds() < (1 - WORTH) * best.seconds()) {
        best = larger;
      }
    }
    return best.images();
  }

  /** The curve in milliseconds: {@code 1: 26.0, 2: 23.1}. */
  @Override
  public String toString() {
    return points.stream()
        .map(
            point -> String.format(Locale.ROOT, "%d: %.1f", point.images(), 1000 * point.seconds()))
        .collect(Collectors.joining(", "));
  }
}
