package nst.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nst.model.LossSample;

/** Selects the samples of a row for its curves. */
public final class LossSamples {
  private LossSamples() {}

  /**
   * Selects a limited number of samples at even distances, including the first and the last. The
   * shares of the layers are removed, because no curve shows them.
   *
   * @param atMost at least 2
   */
  public static List<LossSample> thinned(List<LossSample> samples, int atMost) {
    if (atMost < 2) {
      throw new IllegalArgumentException("expected at least 2 samples, was " + atMost);
    }
    int count = Math.min(atMost, samples.size());
    List<LossSample> kept = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long last = samples.size() - 1L;
      int index = count == 1 ? 0 : Math.toIntExact(i * last / (count - 1));
      kept.add(withoutLayers(samples.get(index)));
    }
    return kept;
  }

  private static LossSample withoutLayers(LossSample sample) {
    return new LossSample(
        sample.scale(),
        sample.iteration(),
        sample.evaluations(),
        sample.contentLoss(),
        sample.styleLoss(),
        sample.tvLoss(),
        sample.totalLoss(),
        Map.of(),
        sample.gradientNorm(),
        sample.learningRate(),
        sample.elapsedMillis());
  }
}
