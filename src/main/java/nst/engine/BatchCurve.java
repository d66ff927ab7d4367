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
import java.util.stream.Stream;
import nst.engine.objective.BatchedObjective;
import nst.engine.objective.FeatureExtractor;
import nst.engine.objective.Parametrization;
import nst.engine.objective.Point;
import nst.engine.objective.ScaleSetup;
import nst.engine.objective.SharedTargets;
import nst.engine.torch.EngineFault;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.TransferException;

/**
 * The time of an evaluation for each image, by the number of images in a pass.
 *
 * @param points the first is one image alone, each other has twice the images of the one before
 * @param fault why the next pass was not measured; empty if no pass failed
 */
public record BatchCurve(List<Measured> points, String fault) implements Serializable {
  /** A larger pass is chosen only if it saves this share of the time. */
  static final double WORTH = 0.05;

  private static final int REPETITIONS = 5;

  /** After so many nanoseconds a pass is not repeated. */
  private static final long LONG_ENOUGH = 2_000_000_000;

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
    List<Measured> points = new ArrayList<>();
    try {
      Point point = point(features, hyperparameters, size);
      for (int count = 1; count <= most && images(points) == count / 2; count *= 2) {
        points.add(new Measured(count, seconds(Collections.nCopies(count, point)) / count));
      }
      return new BatchCurve(points, "");
    } catch (EngineException e) {
      TransferException fault = EngineFault.of(e);
      if (fault.code() == ErrorCode.DEVICE_LOST) {
        throw fault;
      }
      return new BatchCurve(points, fault.getMessage()); // most likely too little memory
    }
  }

  private static Point point(
      FeatureExtractor features, Hyperparameters hyperparameters, Size size) {
    Parametrization coordinates = Parametrization.of(hyperparameters);
    ScaleSetup setup =
        new ScaleSetup(
            features,
            new SharedTargets(0, 0),
            SyntheticImages.of(size),
            hyperparameters,
            size,
            size);
    NDArray variable =
        coordinates.fromPixels(features.arithmetic().pixels(features.manager(), setup.content()));
    return new Point(setup.objective(coordinates), variable, 0);
  }

  /** The least time, because other work on the machine and the first use of a shape add to it. */
  private static double seconds(List<Point> points) {
    long least = Long.MAX_VALUE;
    long all = 0;
    for (int i = 0; i < REPETITIONS && all < LONG_ENOUGH; i++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        long began = System.nanoTime();
        BatchedObjective.evaluate(points).forEach(one -> one.gradient().close());
        long took = System.nanoTime() - began;
        least = Math.min(least, took);
        all += took;
      }
    }
    return least / 1e9;
  }

  /**
   * The number of images in the fastest pass; of nearly equal ones, the smallest. 1 if none could
   * be computed.
   */
  public int images() {
    return Math.max(1, images(points));
  }

  private static int images(List<Measured> points) {
    Measured best = new Measured(0, Double.POSITIVE_INFINITY);
    for (Measured larger : points) {
      if (larger.seconds() < (1 - WORTH) * best.seconds()) {
        best = larger;
      }
    }
    return best.images();
  }

  /** The curve in milliseconds and the fault: {@code 1: 26.0, 2: 23.1, 4: out of memory}. */
  @Override
  public String toString() {
    Stream<String> next = fault.isEmpty() ? Stream.empty() : Stream.of(next() + ": " + fault);
    return Stream.concat(
            points.stream()
                .map(
                    point ->
                        String.format(
                            Locale.ROOT, "%d: %.1f", point.images(), 1000 * point.seconds())),
            next)
        .collect(Collectors.joining(", "));
  }

  private int next() {
    return 1 << points.size();
  }
}
