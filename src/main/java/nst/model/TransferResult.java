package nst.model;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of one request. Every request becomes exactly one of these, whatever happens to it;
 * it is what the journal, the picture and the metrics table hold.
 *
 * @param key the request's key
 * @param runId the run that made it
 * @param status what became of it
 * @param failure why, where it failed
 * @param request the wish as it took effect
 * @param picture what was made, where something was
 * @param timings where the time went, in milliseconds
 * @param place who did it
 * @param losses one for every recorded iterate; empty where nothing was made
 */
public record TransferResult(
    String key,
    String runId,
    Status status,
    Optional<Failure> failure,
    TransferRequest request,
    Optional<Picture> picture,
    Timings timings,
    Place place,
    List<LossSample> losses) {

  /** What became of a manifest row. All rows of a run have exactly one of these. */
  public enum Status {
    /** This run made the picture. */
    OK,
    /** No picture; the error code says why. */
    FAILED,
    /** The picture was there before this run. */
    SKIPPED,
    /** An earlier row of the manifest has the same wish. */
    DUPLICATE
  }

  /** Why a row failed, told without credentials. */
  public record Failure(ErrorCode code, String message) implements Serializable {
    public Failure {
      message = Redactor.of(message);
    }
  }

  /**
   * A picture that was made.
   *
   * @param saved the loss terms of the image as saved: clamped and rounded
   * @param inputWarnings what was mended, ignored or left out when its inputs were decoded, each
   *     with the column of the input before it
   */
  public record Picture(
      String uri,
      String sha256,
      long bytes,
      int width,
      int height,
      int iterations,
      int evaluations,
      String stopReason,
      LossSample saved,
      double initialTotalLoss,
      String contentSha256,
      List<String> styleSha256,
      String weightsSha256,
      String device,
      String precision,
      long peakMemoryBytes,
      int algorithmVersion,
      List<String> inputWarnings)
      implements Serializable {

    public Picture {
      styleSha256 = List.copyOf(styleSha256);
      inputWarnings = List.copyOf(inputWarnings);
    }

    /**
     * The same picture once its bytes are known: a record inside the image cannot hold its own
     * digest.
     */
    public Picture stored(String uri, String sha256, long bytes) {
      return new Picture(
          uri,
          sha256,
          bytes,
          width,
          height,
          iterations,
          evaluations,
          stopReason,
          saved,
          initialTotalLoss,
          contentSha256,
          styleSha256,
          weightsSha256,
          device,
          precision,
          peakMemoryBytes,
          algorithmVersion,
          inputWarnings);
    }
  }

  /**
   * Milliseconds spent on a row; decode, encode and I/O may lie beside the optimisation of another
   * row.
   */
  public record Timings(long readMs, long decodeMs, long optimizeMs, long encodeMs, long writeMs)
      implements Serializable {
    public static final Timings NONE = new Timings(0, 0, 0, 0, 0);

    public long totalMs() {
      return readMs + decodeMs + optimizeMs + encodeMs + writeMs;
    }

    public Timings plus(Timings other) {
      return new Timings(
          readMs + other.readMs,
          decodeMs + other.decodeMs,
          optimizeMs + other.optimizeMs,
          encodeMs + other.encodeMs,
          writeMs + other.writeMs);
    }
  }

  /** Where and when a row was worked on. */
  public record Place(
      String host, String executorId, int attempt, Instant startedAt, Instant finishedAt)
      implements Serializable {}

  /** The same result, telling the request in other words. */
  public TransferResult of(TransferRequest told) {
    return new TransferResult(key, runId, status, failure, told, picture, timings, place, losses);
  }

  public TransferResult {
    losses = List.copyOf(losses);
  }
}
