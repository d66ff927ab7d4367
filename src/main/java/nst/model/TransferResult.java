package nst.model;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The result of one request. Every request has exactly one result, whether it succeeds or fails. It
 * is stored in the journal, in the image and in the metrics table.
 *
 * @param key the request's key
 * @param runId the run that produced this result
 * @param status the outcome
 * @param failure why the request failed; empty unless the status is FAILED
 * @param request the request as it was carried out
 * @param image the image, if there is one
 * @param timings the time spent in each step
 * @param place where and when it was computed
 * @param losses one sample for every recorded iteration; empty if there is no image
 */
public record TransferResult(
    String key,
    String runId,
    Status status,
    Optional<Failure> failure,
    TransferRequest request,
    Optional<Image> image,
    Timings timings,
    Place place,
    List<LossSample> losses) {

  /** The outcome of a manifest row. Every row of a run has exactly one. */
  public enum Status {
    /** This run computed the image. */
    OK,
    /** There is no image; the error code says why. */
    FAILED,
    /** The image existed before this run. */
    SKIPPED,
    /** An earlier row of the manifest makes the same request. */
    DUPLICATE
  }

  /** Why a row failed. Credentials are removed from the message. */
  public record Failure(ErrorCode code, String message) implements Serializable {
    public Failure {
      message = Redactor.of(message);
    }
  }

  /**
   * A computed image.
   *
   * @param saved the loss terms of the saved image, after clamping and rounding; null if they were
   *     not measured
   * @param initialTotalLoss that of the start image; null if it was not measured
   * @param networkSha256 of the file of the style network; empty without {@code init=network}
   * @param inputWarnings what was repaired, ignored or left out when the inputs were decoded; each
   *     begins with the column of the input
   */
  public record Image(
      String uri,
      String sha256,
      long bytes,
      int width,
      int height,
      int iterations,
      int evaluations,
      String stopReason,
      LossSample saved,
      Double initialTotalLoss,
      String contentSha256,
      List<String> styleSha256,
      String weightsSha256,
      String networkSha256,
      String device,
      String precision,
      long peakMemoryBytes,
      int algorithmVersion,
      List<String> inputWarnings)
      implements Serializable {

    public Image {
      styleSha256 = List.copyOf(styleSha256);
      inputWarnings = List.copyOf(inputWarnings);
    }

    /**
     * A copy with the properties of the stored file. They are added later, because the record
     * inside the image cannot contain the file's own digest.
     */
    public Image stored(String uri, String sha256, long bytes) {
      return new Image(
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
          networkSha256,
          device,
          precision,
          peakMemoryBytes,
          algorithmVersion,
          inputWarnings);
    }
  }

  /**
   * Milliseconds spent on a row. Reading, decoding, encoding and writing may overlap with the
   * optimisation of another row.
   */
  public record Timings(long readMs, long decodeMs, long optimizeMs, long encodeMs, long writeMs)
      implements Serializable {
    public static final Timings NONE = new Timings(0, 0, 0, 0, 0);

    public long totalMs() {
      return readMs + decodeMs + optimizeMs + encodeMs + writeMs;
    }
  }

  /** Where and when a row was processed. */
  public record Place(
      String host, String executorId, int attempt, Instant startedAt, Instant finishedAt)
      implements Serializable {}

  /** A copy with another description of the request. */
  public TransferResult of(TransferRequest request) {
    return new TransferResult(key, runId, status, failure, request, image, timings, place, losses);
  }

  public TransferResult {
    losses = List.copyOf(losses);
  }
}
