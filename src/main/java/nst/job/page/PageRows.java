package nst.job.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Redactor;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Status;
import nst.record.ImageRecords;
import nst.record.ReportedRow;
import nst.record.ReportedRow.Measured;
import nst.report.row.PageRow;
import nst.report.row.Picture;
import nst.storage.ObjectStore;
import nst.storage.Uris;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts rows of {@code metrics} to rows of the page. For several threads. */
final class PageRows {
  private static final Logger LOG = LoggerFactory.getLogger(PageRows.class);

  private final ObjectStore store;
  private final Hyperparameters defaults;
  private final PageImages images;

  /**
   * @param defaults the values of the run's rows that set none
   */
  PageRows(ObjectStore store, Hyperparameters defaults, PageImages images) {
    this.store = store;
    this.defaults = defaults;
    this.images = images;
  }

  /**
   * Converts a row. The numbers are those of the saved image: from {@code metrics}, or from the
   * record in the image if an earlier run made it.
   *
   * @param withThumbnail whether the page has a thumbnail of it
   */
  PageRow row(ReportedRow row, boolean withThumbnail) {
    boolean recordNeeded = row.measured().isEmpty();
    Optional<byte[]> bytes = withThumbnail || recordNeeded ? image(row) : Optional.empty();
    Optional<Picture> thumbnail = Optional.empty();
    Optional<Measured> measured = row.measured();
    if (bytes.isPresent()) {
      try {
        measured = recordNeeded ? record(bytes.get()).flatMap(Measured::of) : measured;
        thumbnail =
            withThumbnail ? images.thumbnail(row.outputUri().get(), bytes.get()) : thumbnail;
      } catch (TransferException | IllegalArgumentException e) { // not an image, or damaged
        LOG.warn("The page does not show {}: {}", row.outputUri().get(), Redactor.stackTrace(e));
      }
    }
    Optional<TransferRequest> request = row.request();
    return new PageRow(
        row.row(),
        row.id(),
        row.key().orElse(""),
        row.status(),
        row.failure(),
        request.map(r -> Uris.display(r.content())).orElse(""),
        request.map(PageRows::styles).orElse(List.of()),
        request.map(this::differences).orElse(Map.of()),
        row.own(),
        measured.map(values -> saved(values, row)),
        thumbnail,
        row.status() == Status.OK ? row.measured().map(Measured::timings) : Optional.empty(),
        warnings(request, measured));
  }

  /** The bytes of the saved image; empty if there is none or it cannot be read. */
  Optional<byte[]> image(ReportedRow row) {
    if (row.status() == Status.FAILED || row.outputUri().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(store.read(row.outputUri().get(), Long.MAX_VALUE));
    } catch (TransferException e) { // the command verify lists missing images
      LOG.warn("The page does not show {}: {}", row.outputUri().get(), Redactor.stackTrace(e));
      return Optional.empty();
    }
  }

  /** The record in an image; empty if there is none. */
  static Optional<TransferResult> record(byte[] bytes) {
    try {
      return ImageRecords.of(bytes);
    } catch (IllegalArgumentException e) {
      LOG.warn("The page does not show the record of an image: {}", Redactor.stackTrace(e));
      return Optional.empty();
    }
  }

  private static PageRow.Saved saved(Measured values, ReportedRow row) {
    return new PageRow.Saved(
        row.outputUri().map(uri -> uri.replaceFirst("^.*/images/v1/", "")).orElse(""),
        values.width(),
        values.height(),
        values.iterations(),
        values.stopReason(),
        values.contentLoss(),
        values.styleLoss(),
        values.tvLoss(),
        values.totalLoss(),
        values.initialTotalLoss());
  }

  private static List<PageRow.Style> styles(TransferRequest request) {
    return request.styles().stream()
        .map(
            style ->
                new PageRow.Style(
                    Uris.display(style.uri()), style.weight(), style.mask(), style.styleMask()))
        .toList();
  }

  private static List<String> warnings(
      Optional<TransferRequest> request, Optional<Measured> measured) {
    List<String> warnings = new ArrayList<>();
    request
        .map(TransferRequest::substitutedLayers)
        .filter(layers -> !layers.isEmpty())
        .ifPresent(layers -> warnings.add("substituted layers: " + layers));
    measured.ifPresent(values -> warnings.addAll(values.inputWarnings()));
    return warnings;
  }

  /** The manifest's columns in which the row differs from the values of the run. */
  private Map<String, String> differences(TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    Hyperparameters usual = defaults.on(h.backbone()); // for rows without a backbone
    Map<String, String> differing = new LinkedHashMap<>();
    if (!request.contentVersion().isEmpty()) {
      differing.put("content_version", request.contentVersion());
    }
    for (Knob knob : Knob.values()) {
      if (!knob.isShownAsMeasured() && !h.text(knob).equals(usual.text(knob))) {
        differing.put(knob.key(), h.text(knob));
      }
    }
    return differing;
  }
}
