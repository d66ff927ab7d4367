package nst.job.publish;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to publish, and where.
 *
 * @param output absolute URI of the output folder of the run
 * @param runId the run; if empty, the latest
 * @param to absolute URI of the folder that gets the pictures
 * @param names a pattern for their names, see docs/outputs.md
 * @param longest the longest side of what is published, with the detail of the photo; empty for the
 *     pictures as they are
 * @param overwrite whether other files with these names are replaced
 * @param credentials whether each picture gets a C2PA manifest definition, {@code NAME.c2pa.json}
 */
public record PublishOptions(
    String output,
    Optional<String> runId,
    String to,
    String names,
    OptionalInt longest,
    boolean overwrite,
    boolean credentials) {}
