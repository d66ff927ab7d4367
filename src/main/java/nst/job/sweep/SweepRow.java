package nst.job.sweep;

/**
 * One row of a sweep.
 *
 * @param id readable, and different for each row of a sweep
 * @param content absolute URI of the photo
 */
public record SweepRow(String id, String content, SweepStyle style, SweepPoint point) {}
