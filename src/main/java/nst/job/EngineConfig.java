package nst.job;

import java.io.Serializable;
import nst.model.RunConfig;
import nst.model.Setting;

/**
 * What an executor needs to know to hold its engine.
 *
 * @param device what computes
 * @param threads of one evaluation
 * @param weightsPath absolute URI of a safetensors file; empty for the seeded network
 * @param weightsSha256 what its digest must be
 */
record EngineConfig(Setting.Device device, int threads, String weightsPath, String weightsSha256)
    implements Serializable {

  /**
   * @param weightsSha256 the digest of the file as the driver read it, or empty with no file
   */
  static EngineConfig of(RunConfig config, String weightsPath, String weightsSha256) {
    return new EngineConfig(
        config.device(),
        Math.toIntExact(config.whole(Setting.THREADS)),
        weightsPath,
        weightsSha256);
  }
}
