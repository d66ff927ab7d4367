package nst.record;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.LossSample;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;

/**
 * A manifest row for the page.
 *
 * @param row the number of the manifest row, from 0
 * @param id the id in the manifest
 * @param key empty if the row is not a valid request
 * @param failure empty if the row did not fail
 * @param request the request with the values that were used; empty if the row is not a valid
 *     request
 * @param outputUri the URI of the image, whether it exists or not
 * @param measured empty if this run computed no image for the row
 * @param own the user's own columns as text
 */
public record ReportedRow(
    long row,
    String id,
    Optional<String> key,
    Status status,
    Optional<Failure> failure,
    Optional<TransferRequest> request,
    Optional<String> outputUri,
    Optional<Measured> measured,
    Map<String, String> own) {

  /**
   * The saved image. Losses are null if they were not measured.
   *
   * @param contentLoss the unweighted content term
   * @param styleLoss the unweighted style term
   * @param tvLoss the unweighted total variation
   * @param totalLoss the weighted sum of the three
   * @param initialTotalLoss the weighted sum at the start image
   */
  public record Measured(
      int width,
      int height,
      int iterations,
      String stopReason,
      Double contentLoss,
      Double styleLoss,
      Double tvLoss,
      Double totalLoss,
      Double initialTotalLoss,
      Timings timings,
      List<String> inputWarnings) {

    public Measured {
      inputWarnings = List.copyOf(inputWarnings);
    }

    /** The values in the record of an image; empty if it is not the record of an image. */
    public static Optional<Measured> of(TransferResult record) {
      return record
          .image()
          .map(
              image -> {
                LossSample saved = image.saved();
                return new Measured(
                    image.width(),
                    image.height(),
                    image.iterations(),
                    image.stopReason(),
                    saved == null ? null : (Double) saved.contentLoss(),
                    saved == null ? null : (Double) saved.styleLoss(),
                    saved == null ? null : (Double) saved.tvLoss(),
                    saved == null ? null : (Double) saved.totalLoss(),
                    image.initialTotalLoss(),
                    record.timings(),
                    image.inputWarnings());
              });
    }
  }
}
