package nst.job;

import java.time.LocalDate;
import nst.model.RunConfig;

/**
 * The options of one invocation of {@code run}.
 *
 * @param manifest absolute URI
 * @param output absolute URI of a folder
 * @param runId letters, digits, {@code . _ -}
 * @param runDate the UTC date of the run
 */
public record RunOptions(
    String manifest, String output, String runId, LocalDate runDate, RunConfig config) {

  /** The pattern of a run id, which is part of a path. */
  public static final String RUN_ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
}
