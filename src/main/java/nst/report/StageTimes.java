package nst.report;

/**
 * Milliseconds in each stage of a row's way, of one row or summed over a run.
 *
 * @param readMillis bytes from the store
 * @param decodeMillis bytes to pixels, resized
 * @param optimizeMillis the optimisation, on the device
 * @param encodeMillis pixels to bytes
 * @param writeMillis bytes to the store
 */
public record StageTimes(
    long readMillis, long decodeMillis, long optimizeMillis, long encodeMillis, long writeMillis) {

  public static final StageTimes NONE = new StageTimes(0, 0, 0, 0, 0);

  public long totalMillis() {
    return readMillis + decodeMillis + optimizeMillis + encodeMillis + writeMillis;
  }

  public StageTimes plus(StageTimes other) {
    return new StageTimes(
        readMillis + other.readMillis,
        decodeMillis + other.decodeMillis,
        optimizeMillis + other.optimizeMillis,
        encodeMillis + other.encodeMillis,
        writeMillis + other.writeMillis);
  }
}
