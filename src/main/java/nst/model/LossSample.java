package nst.model;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The loss at one iterate of one scale. Iteration 0 is the start image.
 *
 * @param scale the longest side of the image at this scale, in pixels
 * @param iteration steps made so far, over all scales
 * @param evaluations losses and gradients computed so far, over all scales
 * @param contentLoss the unweighted content term
 * @param styleLoss the unweighted style term
 * @param tvLoss the unweighted total variation term
 * @param totalLoss the weighted sum of the three
 * @param styleLossByLayer each layer's share of the style term, with its layer weight
 * @param gradientNorm Euclidean norm of the gradient by the optimised variable
 * @param learningRate the step size of the step that led here; at iteration 0 the first one
 * @param elapsedMillis since the optimisation of this image began
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
    // EnumMap keeps network order; Map.copyOf iterates differently in every JVM.
    EnumMap<Layer, Double> ordered = new EnumMap<>(Layer.class);
    ordered.putAll(styleLossByLayer);
    styleLossByLayer = Collections.unmodifiableMap(ordered);
  }
}
