package nst.job.train;

import java.io.Serializable;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;

/**
 * The options of {@code train} that set the size of the network. What is null is that of the
 * network that the training begins with, or the usual one.
 *
 * @param width channels of the first convolution, or null
 * @param residualBlocks how many, or null
 * @param convolution of the inner layers, or null
 */
public record NetworkSize(Integer width, Integer residualBlocks, Convolution convolution)
    implements Serializable {
  /** Nothing is set. */
  public static final NetworkSize UNSET = new NetworkSize(null, null, null);

  /** The given architecture with the options that are set. */
  StyleNetworkArchitecture over(StyleNetworkArchitecture other) {
    return new StyleNetworkArchitecture(
        width == null ? other.width() : width,
        residualBlocks == null ? other.residualBlocks() : residualBlocks,
        convolution == null ? other.convolution() : convolution);
  }
}
