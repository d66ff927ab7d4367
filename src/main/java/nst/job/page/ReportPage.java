package nst.job.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Timings;
import nst.record.ImageRecords;
import nst.record.ReportedRow;
import nst.record.RunSummary;
import nst.report.HtmlReport;
import nst.report.LossSamples;
import nst.report.ReportRow;
import nst.report.RunReport;
import nst.report.ThumbnailFile;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.TimedObjectStore;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the content of the page, including its images, and writes the page. */
public final class ReportPage {
  private static final Logger LOG = LoggerFactory.getLogger(ReportPage.class);

  /** The number of samples of loss curves on a page, for all rows together. */
  private static final int SAMPLES = 50_000;

  /** The smallest number of samples of a row. */
  private static final int MIN_ROW_SAMPLES = 32;

  private final ObjectStore store;
  private final Function<UriPolicy, ObjectStore> confined;
  private final RunConfig config;

  /**
   * Creates a writer of pages.
   *
   * @param store reads results and writes the page
   * @param confined returns the store that reads photos and paintings and is limited by a policy
   */
  public ReportPage(
      ObjectStore store, Function<UriPolicy, ObjectStore> confined, RunConfig config) {
    this.store = store;
    this.confined = confined;
    this.config = config;
  }

  /**
   * Writes the page to a temporary folder and then moves it to its place atomically.
   *
   * @throws TransferException if the page cannot be written to storage
   * @throws UncheckedIOException if the temporary folder cannot be written
   */
  public void write(RunSummary run, List<ReportedRow> shown) {
    OutputLayout layout = new OutputLayout(run.output(), run.runDate(), run.runId());
    try {
      Path folder = Files.createTempDirectory("nst-page");
      Path page = folder.resolve("index.html");
      try (ThumbnailFile file = ThumbnailFile.in(folder)) {
        write(run, rows(shown, new PageImages(inputs(run), decoder(), file)), page);
        store.write(layout.page(), page);
      } finally {
        Files.deleteIfExists(page);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot make the page in the temporary folder (java.io.tmpdir): " + e, e);
    }
  }

  private void write(RunSummary run, List<ReportRow> rows, Path page) throws IOException {
    try (Writer writer = Files.newBufferedWriter(page)) {
      HtmlReport.write(report(run, rows), writer);
    }
  }

  private ImageDecoder decoder() {
    ImageLimits limits = ImageLimits.of(config);
    return new ImageDecoder(
        new ImageLimits(limits.maxBytes(), limits.maxPixels(), 1, limits.maxAspect()));
  }

  private List<ReportRow> rows(List<ReportedRow> shown, PageImages images) {
    int samples = Math.max(MIN_ROW_SAMPLES, SAMPLES / Math.max(1, shown.size()));
    List<ReportRow> rows = new ArrayList<>();
    for (ReportedRow row : shown) {
      rows.add(row(row, images, samples));
    }
    return rows;
  }

  /** The store for photos and paintings, with the same deadline for each object as in a run. */
  private ObjectStore inputs(RunSummary run) {
    return new TimedObjectStore(
        confined.apply(policy(run)), config.seconds(Setting.OBJECT_SECONDS));
  }

  /** The policy of the run, which limits what the page may read. */
  private static UriPolicy policy(RunSummary run) {
    RunConfig.Entry more = run.configuration().get(Setting.ALLOWED_PREFIXES.key());
    return UriPolicy.of(run.manifest(), more == null ? "" : more.value());
  }

  private RunReport report(RunSummary run, List<ReportRow> rows) {
    List<RunReport.Setting> settings = new ArrayList<>();
    run.configuration()
        .forEach(
            (key, entry) ->
                settings.add(new RunReport.Setting(key, entry.value(), entry.source())));
    EnumMap<ErrorCode, Long> failures = new EnumMap<>(ErrorCode.class);
    run.failures().forEach((code, count) -> failures.put(ErrorCode.valueOf(code), count));
    RunSummary.Rows counts = run.rows();
    double price = config.real(Setting.PRICE_PER_HOUR);
    return new RunReport(
        new RunReport.Identity(
            run.runId(),
            LocalDate.parse(run.runDate()),
            Uris.display(run.manifest()),
            Uris.display(run.output()),
            run.startedAt(),
            run.finishedAt()),
        counts,
        failures,
        run.networks(),
        config.preset().label(),
        settings,
        run.versions(),
        new RunReport.Throughput(
            run.imagesPerHour(),
            run.wallSeconds(),
            run.deviceSeconds(),
            run.devices(),
            run.timings(),
            price == 0 ? Optional.empty() : Optional.of(new RunReport.Cost(run.cost(), price))),
        rows,
        counts.total() - rows.size());
  }

  private ReportRow row(ReportedRow row, PageImages images, int samples) {
    Optional<PageImages.Sizes> shown = Optional.empty();
    Optional<TransferResult> record = Optional.empty();
    boolean made = row.status() != TransferResult.Status.FAILED && row.outputUri().isPresent();
    if (made) {
      try {
        byte[] bytes = store.read(row.outputUri().get(), Long.MAX_VALUE);
        record = ImageRecords.of(bytes);
        shown = images.of(row.outputUri().get(), bytes);
      } catch (TransferException
          | IllegalArgumentException e) { // not an image, or without our record
        LOG.warn( // the command verify lists missing images
            "The page does not show {}: {}", row.outputUri().get(), Redactor.stackTrace(e));
      }
    }
    Timings times = record.map(TransferResult::timings).orElse(Timings.NONE);
    Optional<PageImages.Sizes> content =
        row.request().flatMap(request -> input(request.content(), images));
    return new ReportRow(
        row.id(),
        row.key().orElse(""),
        row.status(),
        row.failure(),
        new ReportRow.Source(
            row.request().map(request -> Uris.display(request.content())).orElse(""),
            content.map(PageImages.Sizes::thumbnail)),
        row.request()
            .map(request -> styles(request, images))
            .orElse(
                List.of(new ReportRow.StyleSource(new ReportRow.Source("", Optional.empty()), 1))),
        row.request().map(this::differences).orElse(Map.of()),
        made ? "../../../../" + row.outputUri().get().replaceFirst("^.*/(images/v1/)", "$1") : "",
        result(shown, content, record),
        record.map(r -> LossSamples.thinned(r.losses(), samples)).orElse(List.of()),
        times,
        record
            .flatMap(TransferResult::image)
            .map(TransferResult.Image::inputWarnings)
            .orElse(List.of()));
  }

  private static Optional<ReportRow.Result> result(
      Optional<PageImages.Sizes> shown,
      Optional<PageImages.Sizes> content,
      Optional<TransferResult> record) {
    Optional<TransferResult.Image> recorded = record.flatMap(TransferResult::image);
    if (shown.isEmpty() || recorded.isEmpty()) {
      return Optional.empty();
    }
    TransferResult.Image image = recorded.get();
    return Optional.of(
        new ReportRow.Result(
            image.width(),
            image.height(),
            image.iterations(),
            image.stopReason(),
            shown.get().thumbnail(),
            shown.get().large(),
            content.map(PageImages.Sizes::large)));
  }

  private Map<String, String> differences(TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    Hyperparameters defaults = config.defaults().on(h.backbone()); // for rows without a backbone
    Map<String, String> differing = new LinkedHashMap<>();
    if (!request.substitutedLayers().isEmpty()) {
      differing.put("substituted_layers", request.substitutedLayers());
    }
    for (Knob knob : Knob.values()) {
      if (!knob.isShownAsMeasured() && !h.text(knob).equals(defaults.text(knob))) {
        differing.put(knob.key(), h.text(knob));
      }
    }
    return differing;
  }

  private List<ReportRow.StyleSource> styles(TransferRequest request, PageImages images) {
    return request.styles().stream()
        .map(
            style ->
                new ReportRow.StyleSource(
                    new ReportRow.Source(
                        Uris.display(style.uri()),
                        input(style.uri(), images).map(PageImages.Sizes::thumbnail)),
                    style.weight()))
        .toList();
  }

  private Optional<PageImages.Sizes> input(String uri, PageImages images) {
    return images.input(uri, config.whole(Setting.MAX_BYTES));
  }
}
