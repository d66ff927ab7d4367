package nst.job.train;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a training ended.
 *
 * @param uri of the network
 * @param page the URI of the page about it
 * @param leftOut the photos that could not be used, each with the reason
 * @param words why there is no network, for people; empty if there is one
 */
public record TrainingOutcome(
    End end, String uri, String page, Map<String, String> leftOut, String words)
    implements Serializable {

  /** The ways in which a training ends. */
  public enum End {
    TRAINED,
    /** The output had the network already. */
    EXISTED,
    /** Too few photos can be used. */
    INVALID,
    /** The loss diverged again and again. */
    DIVERGED
  }

  public TrainingOutcome {
    leftOut = new TreeMap<>(leftOut);
  }
}
