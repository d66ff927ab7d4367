package nst.cli;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.image.ImageDecoder;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.Thumbnail;
import nst.job.Records;
import nst.job.ReportedRow;
import nst.job.RunSummary;
import nst.job.Session;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.report.HtmlReport;
import nst.report.Picture;
import nst.report.ReportRow;
import nst.report.RunReport;
import nst.report.StageTimes;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.UriPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what the page shows, pictures included, and writes it. */
final class ReportPage {
  private static final Logger LOG = LoggerFactory.getLogger(ReportPage.class);

  /** Longest sides, in pixels: for the contact sheet, and for the large view. */
  private static final int THUMBNAIL = 320;

  private static final int LARGE = 1024;

  private final Session session;
  private final ObjectStore store;
  private final RunConfig config;
  private final ImageDecoder decoder;

  /**
   * Inputs that several rows share are read once, and kept small: a photo may have 100 megapixels.
   */
  private final Map<String, Optional<RgbImage>> inputs = new LinkedHashMap<>();

  /** As the page shows them: a sweep's rows all have the same photo. */
  private final Map<Shown, Optional<Picture>> pictures = new LinkedHashMap<>();

  /** Reads what the run's rows name, within their fence. */
  private ObjectStore photos;

  private record Shown(String uri, int longestSide) {}

  ReportPage(Session session, RunConfig config) {
    this.session = session;
    this.store = session.store();
    this.config = config;
    this.decoder =
        new ImageDecoder(
            new ImageLimits(
                config.whole(Setting.MAX_BYTES),
                config.whole(Setting.MAX_PIXELS),
                1,
                config.real(Setting.MAX_ASPECT)));
  }

  void write(RunSummary run, List<ReportedRow> shown) {
    OutputLayout layout = new OutputLayout(run.output(), run.runDate(), run.runId());
    photos = session.store(policy(run));
    List<ReportRow> rows = new ArrayList<>();
    for (ReportedRow row : shown) {
      rows.add(row(row));
    }
    store.write(
        layout.page(), HtmlReport.render(report(run, rows)).getBytes(StandardCharsets.UTF_8));
  }

  /** What the run's rows were allowed to read: their pictures are no more the page's business. */
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
            RunCommand.shown(run.manifest()),
            RunCommand.shown(run.output()),
            run.startedAt(),
            run.finishedAt()),
        new RunReport.Counts(
            counts.total(), counts.ok(), counts.failed(), counts.skipped(), counts.duplicate()),
        failures,
        run.networks().stream()
            .map(
                network ->
                    new RunReport.Network(network.name(), network.sha256(), network.warning()))
            .toList(),
        config.preset().label(),
        settings,
        run.versions(),
        new RunReport.Throughput(
            run.imagesPerHour(),
            run.wallSeconds(),
            run.deviceSeconds(),
            run.devices(),
            times(run.timings()),
            price == 0 ? Optional.empty() : Optional.of(new RunReport.Cost(run.cost(), price, ""))),
        rows,
        counts.total() - rows.size());
  }

  private ReportRow row(ReportedRow row) {
    Optional<RgbImage> image = Optional.empty();
    Optional<TransferResult> record = Optional.empty();
    boolean made = row.status() != TransferResult.Status.FAILED && row.outputUri().isPresent();
    if (made) {
      try {
        byte[] bytes = store.read(row.outputUri().get(), Long.MAX_VALUE);
        image = Optional.of(decoder.decode(bytes).image());
        record = Records.of(bytes);
      } catch (TransferException e) {
        LOG.warn( // verify tells what is missing
            "The page lacks {}: {}", row.outputUri().get(), Redactor.stackTrace(e));
      }
    }
    StageTimes times = record.map(r -> times(r.timings())).orElse(StageTimes.NONE);
    return new ReportRow(
        row.id(),
        row.key().orElse(""),
        ReportRow.Status.valueOf(row.status().name()),
        row.failure().map(failure -> new ReportRow.Failure(failure.code(), failure.message())),
        row.request()
            .map(request -> source(request.content()))
            .orElse(new ReportRow.Source("", Optional.empty())),
        row.request()
            .map(this::styles)
            .orElse(
                List.of(new ReportRow.StyleSource(new ReportRow.Source("", Optional.empty()), 1))),
        row.request().map(this::differences).orElse(Map.of()),
        made ? "../../../../" + row.outputUri().get().replaceFirst("^.*/(images/v1/)", "$1") : "",
        result(row, image, record),
        record.map(TransferResult::losses).orElse(List.of()),
        times);
  }

  private Optional<ReportRow.Result> result(
      ReportedRow row, Optional<RgbImage> image, Optional<TransferResult> record) {
    if (image.isEmpty() || record.flatMap(TransferResult::picture).isEmpty()) {
      return Optional.empty();
    }
    TransferResult.Picture picture = record.flatMap(TransferResult::picture).get();
    return Optional.of(
        new ReportRow.Result(
            picture.width(),
            picture.height(),
            picture.iterations(),
            picture.stopReason(),
            picture(image.get(), THUMBNAIL),
            picture(image.get(), LARGE),
            row.request().flatMap(request -> picture(request.content(), LARGE))));
  }

  private static StageTimes times(TransferResult.Timings t) {
    return new StageTimes(t.readMs(), t.decodeMs(), t.optimizeMs(), t.encodeMs(), t.writeMs());
  }

  private Map<String, String> differences(TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    Hyperparameters defaults = config.defaults().on(h.backbone()); // where rows name none
    Map<String, String> differing = new LinkedHashMap<>();
    if (!request.substitutedLayers().isEmpty()) {
      differing.put("substituted_layers", request.substitutedLayers());
    }
    for (Knob knob : Knob.values()) {
      if (knob != Knob.PRECISION && !h.text(knob).equals(defaults.text(knob))) {
        differing.put(knob.key(), h.text(knob));
      }
    }
    return differing;
  }

  private List<ReportRow.StyleSource> styles(TransferRequest request) {
    return request.styles().stream()
        .map(style -> new ReportRow.StyleSource(source(style.uri()), style.weight()))
        .toList();
  }

  private ReportRow.Source source(String uri) {
    return new ReportRow.Source(RunCommand.shown(uri), picture(uri, THUMBNAIL));
  }

  private Optional<Picture> picture(String uri, int longestSide) {
    return pictures.computeIfAbsent(
        new Shown(uri, longestSide),
        shown -> input(shown.uri()).map(image -> picture(image, shown.longestSide())));
  }

  /** A photo or painting; empty where it cannot be read, which the row's own failure tells. */
  private Optional<RgbImage> input(String uri) {
    return inputs.computeIfAbsent(
        uri,
        wanted -> {
          try {
            byte[] bytes = photos.read(wanted, config.whole(Setting.MAX_BYTES));
            return Optional.of(Thumbnail.shrunk(decoder.decode(bytes).image(), LARGE));
          } catch (TransferException e) {
            LOG.info("The page lacks {}: {}", wanted, Redactor.stackTrace(e));
            return Optional.empty();
          }
        });
  }

  private static Picture picture(RgbImage image, int longestSide) {
    RgbImage small = Thumbnail.shrunk(image, longestSide);
    return Picture.jpeg(Thumbnail.jpeg(small), small.width(), small.height());
  }
}
