package nst.job.train;

import java.io.Serializable;
import java.util.List;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.model.RunConfig;
import nst.storage.UriPolicy;

/**
 * What {@code train} was asked for.
 *
 * @param styles absolute URIs of the paintings; each is one look
 * @param policy what paintings may be read
 * @param photos absolute URI of a manifest or a folder
 * @param output absolute URI
 * @param version of this program
 */
public record TrainingOptions(
    List<String> styles,
    UriPolicy policy,
    String photos,
    String output,
    StyleNetworkArchitecture architecture,
    TrainingSchedule schedule,
    RunConfig config,
    String version)
    implements Serializable {
  public TrainingOptions {
    styles = List.copyOf(styles);
  }
}
