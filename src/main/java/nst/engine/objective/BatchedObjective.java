package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.engine.network.FeatureNetwork;
import nst.engine.torch.TorchDevice;
import nst.model.knob.Layer;

/**
 * The objectives of several images, evaluated in one pass through the network. Inputs are stacked
 * to (images, 3, height, width). Maps and gradients, (images, N, height, width), are split again:
 * each image's terms see (1, N, height, width). {@link FusedObjective}s do the same in one call.
 */
public final class BatchedObjective {
  private final List<Point> points;
  private final List<Objective.AtPoint> images;

  private BatchedObjective(List<Point> points) {
    this.points = points;
    this.images = points.stream().map(Point::begun).toList();
  }

  /**
   * Evaluates terms and gradients.
   *
   * @param points their objectives have the same network, arithmetic, layers and shape
   * @return the evaluations in the order of the points
   */
  public static List<Evaluation> evaluate(List<Point> points) {
    if (points.size() == 1 || !points.stream().allMatch(Point::canShareAPass)) {
      return points.stream().map(Point::evaluatedAlone).toList();
    }
    if (points.stream().allMatch(point -> point.objective() instanceof FusedObjective)) {
      return FusedObjective.evaluate(points);
    }
    List<Evaluation> together = new BatchedObjective(points).evaluateScaled();
    List<Evaluation> evaluations = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      evaluations.add(
          point.objective().finite(together.get(i), point.variable(), point.progress()));
    }
    return evaluations;
  }

  /** The same steps as for a single objective. */
  private List<Evaluation> evaluateScaled() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Objective any = points.get(0).objective(); // the values used from it are the same for all
      FeatureNetwork.Pass pass = any.forward(inputs());
      addLayerTerms(pass.maps());
      NDArray byInput = any.backward(pass, this::byMap);
      TorchDevice.backward(TorchDevice.recorded(() -> paired(byInput.split(images.size()))));
      return images.stream().map(Objective.AtPoint::evaluation).toList();
    }
  }

  private NDArray inputs() {
    try (NDList inputs = new NDList(images.stream().map(Objective.AtPoint::input).toList())) {
      return NDArrays.concat(inputs);
    }
  }

  private void addLayerTerms(Map<Layer, NDArray> maps) {
    List<Map<Layer, NDArray>> byImage = new ArrayList<>();
    images.forEach(image -> byImage.add(new EnumMap<>(Layer.class)));
    maps.forEach(
        (layer, map) -> {
          NDList split = map.split(images.size());
          for (int i = 0; i < images.size(); i++) {
            byImage.get(i).put(layer, split.get(i));
          }
        });
    for (int i = 0; i < images.size(); i++) {
      images.get(i).addLayerTerms(byImage.get(i));
    }
  }

  private NDArray byMap(Layer layer, NDArray map, Optional<NDArray> arriving) {
    NDList split = map.split(images.size());
    NDList gradients = new NDList();
    for (int i = 0; i < images.size(); i++) {
      gradients.add(images.get(i).gradient(layer, split.get(i)));
    }
    NDArray together = NDArrays.concat(gradients);
    return arriving.map(deeper -> LayerTerm.added(together, deeper)).orElse(together);
  }

  /** One scalar for all images, because no image depends on the variable of another. */
  private NDArray paired(NDList byInputs) {
    NDArray total = images.get(0).paired(byInputs.get(0));
    for (int i = 1; i < images.size(); i++) {
      total = total.add(images.get(i).paired(byInputs.get(i)));
    }
    return total;
  }
}
