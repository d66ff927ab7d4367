package nst.job;

import java.time.LocalDate;
import nst.model.RunConfig;

/**
 * What one invocation of {@code run} was asked for.
 *
 * @param manifest absolute URI
 * @param output absolute URI of a folder
 * @param runId letters, digits, {@code . _ -}
 * @param runDate the UTC day that the run counts for
 */
public record RunOptions(
    String manifest, String output, String runId, LocalDate runDate, RunConfig config) {

  /** What a run id may be: it becomes part of a path. */
  public static final String RUN_ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
}
