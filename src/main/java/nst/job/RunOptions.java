package nst.job;

import java.time.LocalDate;
import nst.job.source.ManifestSource;
import nst.model.RunConfig;

/**
 * The options of one invocation of {@code run}.
 *
 * @param source where the rows come from
 * @param output absolute URI of a folder
 * @param runId letters, digits, {@code . _ -}
 * @param runDate the UTC date of the run
 */
public record RunOptions(
    ManifestSource source, String output, String runId, LocalDate runDate, RunConfig config) {

  /** The pattern of a run id, which is part of a path. */
  public static final String RUN_ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

  /** The options of a run of a manifest. */
  public RunOptions(
      String manifest, String output, String runId, LocalDate runDate, RunConfig config) {
    this(ManifestSource.table(manifest), output, runId, runDate, config);
  }

  /** The same options with another configuration. */
  RunOptions with(RunConfig changed) {
    return new RunOptions(source, output, runId, runDate, changed);
  }

  /** The absolute URI of the manifest, or of the folder of photos. */
  public String manifest() {
    return source.uri();
  }
}
