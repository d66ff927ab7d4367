package nst.job.sweep;

import java.util.List;
import nst.job.sweep.SweepPoints.Sampling;

/**
 * What a user asks for, as text.
 *
 * @param contents photos and folders of photos
 * @param styles paintings and folders of paintings
 * @param styleSets sets of paintings
 * @param blends pairs of paintings and their shares
 * @param axes knobs with their values
 * @param conditions conditions that every row meets
 * @param samples the number of samples; 0: all combinations
 * @param sampling how samples are distributed
 * @param seed the random seed of samples
 */
public record SweepDefinition(
    List<SweepText> contents,
    List<SweepText> styles,
    List<SweepText> styleSets,
    List<SweepText> blends,
    List<SweepText> axes,
    List<String> conditions,
    int samples,
    Sampling sampling,
    long seed) {

  public SweepDefinition {
    contents = List.copyOf(contents);
    styles = List.copyOf(styles);
    styleSets = List.copyOf(styleSets);
    blends = List.copyOf(blends);
    axes = List.copyOf(axes);
    conditions = List.copyOf(conditions);
  }
}
