package nst.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.record.NetworkRecipe;
import nst.record.TrainingLoss;

/**
 * What the page about a style network shows.
 *
 * @param key of the network
 * @param curve the running mean of the training loss
 * @param leftOut the photos that could not be used, each with the reason
 */
public record NetworkReport(
    String key,
    NetworkRecipe recipe,
    List<TrainingLoss> curve,
    List<Sample> samples,
    Map<String, String> leftOut) {
  public NetworkReport {
    curve = List.copyOf(curve);
    samples = List.copyOf(samples);
    leftOut = new TreeMap<>(leftOut);
  }

  /**
   * A held-out photo and the network's picture of it.
   *
   * @param name of the photo
   * @param look the number of the look, from 0
   */
  public record Sample(String name, int look, PageImage photo, PageImage picture) {}
}
