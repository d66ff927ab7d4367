package nst.job.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.model.ErrorCode;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.Setting.ReportLayout;
import nst.model.TransferException;
import nst.record.ReportedRow;
import nst.record.RunSummary;
import nst.report.HtmlReport;
import nst.report.RunReport;
import nst.report.row.EmbeddedParts;
import nst.report.row.PageParts;
import nst.report.sweep.NextGrid;
import nst.report.sweep.Sweep;
import nst.report.sweep.SweepData;
import nst.report.sweep.SweepLine;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.TimedObjectStore;
import nst.storage.UriPolicy;
import nst.storage.Uris;

/** Writes the page of a run with its pictures and data. */
public final class ReportPage {
  /** The path of the folder of all images, relative to the page. */
  private static final String IMAGES = "../../../../images/v1/";

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
   * What was found while the page was written.
   *
   * @param picked the rows that the user chose
   * @param sweep the rows as a sweep; empty if they are none
   * @param next the next grid worth running; empty without a sweep
   * @param command the command line that runs it; empty if there is none
   */
  public record Found(
      List<RowPick.Picked> picked,
      Optional<Sweep> sweep,
      Optional<NextGrid> next,
      Optional<String> command) {

    /** What the script of the page needs; empty if there is nothing. */
    private Optional<SweepData> data(Optional<RowPick> pick) {
      String expression = pick.map(RowPick::expression).orElse("");
      List<Long> rows = picked.stream().map(RowPick.Picked::row).toList();
      if (sweep.isEmpty()) {
        return pick.map(choice -> SweepData.ofPicked(expression, rows));
      }
      return Optional.of(SweepData.of(sweep.get(), next.get(), command, expression, rows));
    }
  }

  /**
   * Writes the page. Its files are written first, then the page itself, atomically.
   *
   * @param rows all rows of the run in the order of the manifest; they are iterated over twice
   * @param pick chooses rows that the page marks, and from which the next grid is made
   * @throws TransferException if the page cannot be written to storage
   * @throws UncheckedIOException if the temporary folder cannot be written
   */
  public Found write(RunSummary run, Iterable<ReportedRow> rows, Optional<RowPick> pick) {
    OutputLayout layout = new OutputLayout(run.output(), run.runDate(), run.runId());
    try {
      Path folder = Files.createTempDirectory("nst-page");
      Path page = folder.resolve("index.html");
      try {
        Found found;
        if (config.reportLayout() == ReportLayout.FILE) {
          try (EmbeddedParts parts = EmbeddedParts.in(folder)) {
            found = write(run, rows, pick, parts, page);
          }
        } else {
          found = write(run, rows, pick, new PageFolder(store, layout.report()), page);
        }
        store.write(layout.page(), page);
        return found;
      } finally {
        Files.deleteIfExists(page);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot make the page in the temporary folder (java.io.tmpdir): " + e, e);
    }
  }

  /** The path of a saved image, relative to the page. */
  static String pathOf(String imageUri) {
    return IMAGES + imageUri.replaceFirst("^.*/images/v1/", "");
  }

  private Found write(
      RunSummary run,
      Iterable<ReportedRow> rows,
      Optional<RowPick> pick,
      PageParts parts,
      Path page)
      throws IOException {
    PageImages images =
        new PageImages(inputs(run), config.whole(Setting.MAX_BYTES), decoder(), parts);
    PageRows converted = new PageRows(store, run.defaults(), images);
    PageContents contents =
        PageContents.collect(config, rows, converted, images, parts, pick.isPresent());
    contents.addLargeRows(rows, run.runId());
    Found found = found(run, contents, pick);
    found.data(pick).ifPresent(data -> parts.data("sweep", data, true));
    try (Writer writer = Files.newBufferedWriter(page)) {
      HtmlReport.write(report(run, contents, found.sweep().isPresent(), parts), writer);
    }
    return found;
  }

  private static Found found(RunSummary run, PageContents contents, Optional<RowPick> pick) {
    List<RowPick.Picked> picked =
        pick.map(choice -> choice.rows(contents.recorded())).orElse(List.of());
    Optional<Sweep> sweep = contents.sweep();
    Optional<NextGrid> next =
        sweep.map(rows -> NextGrid.of(rows, picked.stream().map(RowPick.Picked::row).toList()));
    Optional<String> command =
        next.flatMap(
            grid ->
                SweepLine.of(sweep.get(), grid, Uris.display(run.output()), run.configuration()));
    return new Found(picked, sweep, next, command);
  }

  private ImageDecoder decoder() {
    ImageLimits limits = ImageLimits.of(config);
    return new ImageDecoder(
        new ImageLimits(limits.maxBytes(), limits.maxPixels(), 1, limits.maxAspect()));
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

  private RunReport report(
      RunSummary run, PageContents contents, boolean isSweep, PageParts parts) {
    List<RunReport.Setting> settings = new ArrayList<>();
    run.configuration()
        .forEach(
            (key, entry) ->
                settings.add(new RunReport.Setting(key, entry.value(), entry.source())));
    EnumMap<ErrorCode, Long> failures = new EnumMap<>(ErrorCode.class);
    run.failures().forEach((code, count) -> failures.put(ErrorCode.valueOf(code), count));
    return new RunReport(
        new RunReport.Identity(
            run.runId(),
            LocalDate.parse(run.runDate()),
            Uris.display(run.manifest()),
            Uris.display(run.output()),
            run.startedAt(),
            run.finishedAt()),
        run.rows(),
        failures,
        run.networks(),
        run.preset(),
        settings,
        run.versions(),
        new RunReport.Throughput(
            run.imagesPerHour(),
            run.wallSeconds(),
            run.deviceSeconds(),
            run.devices(),
            run.timings(),
            cost(run)),
        contents.rows(),
        isSweep,
        parts,
        contents.curves(),
        contents.shown(),
        IMAGES);
  }

  /** With the price of the run, unless this command was given one. */
  private Optional<RunReport.Cost> cost(RunSummary run) {
    RunConfig.Entry recorded = run.configuration().get(Setting.PRICE_PER_HOUR.key());
    double price =
        config.isSet(Setting.PRICE_PER_HOUR) || recorded == null
            ? config.real(Setting.PRICE_PER_HOUR)
            : (Double) Setting.PRICE_PER_HOUR.domain().parse(recorded.value());
    return price == 0
        ? Optional.empty()
        : Optional.of(new RunReport.Cost(run.deviceSeconds() / 3600 * price, price));
  }
}
