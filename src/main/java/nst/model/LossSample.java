package nst.model;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import nst.model.knob.Layer;

/**
 * The loss at one iteration of one scale. Iteration 0 is the start image.
 *
 * @param scale the longest side of the image at this scale, in pixels
 * @param iteration the number of steps so far, over all scales
 * @param evaluations the number of evaluations of the loss and its gradient so far, over all scales
 * @param contentLoss the unweighted content term
 * @param styleLoss the unweighted style term
 * @param tvLoss the unweighted total variation term
 * @param totalLoss the weighted sum of the three
 * @param styleLossByLayer each layer's share of the style term, with its layer weight
 * @param gradientNorm Euclidean norm of the gradient with respect to the optimised variable
 * @param learningRate the size of the last step; at iteration 0 that of the first step
 * @param elapsedMillis milliseconds since the optimisation of this image began
 */
public record LossSample(
    int scale,
    int iteration,
    int evaluations,
    double contentLoss,
    double styleLoss,
    double tvLoss,
    double totalLoss,
    Map<Layer, Double> styleLossByLayer,
    double gradientNorm,
    double learningRate,
    long elapsedMillis)
    implements Serializable {

  public LossSample {
    // EnumMap keeps network order; the iteration order of Map.copyOf differs between JVMs.
    EnumMap<Layer, Double> ordered = new EnumMap<>(Layer.class);
    ordered.putAll(styleLossByLayer);
    styleLossByLayer = Collections.unmodifiableMap(ordered);
  }
}
