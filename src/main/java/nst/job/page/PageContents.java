package nst.job.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nst.concurrent.Threads;
import nst.job.page.PageImages.Sizes;
import nst.model.LossSample;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.Setting.ReportLayout;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Status;
import nst.record.ReportedRow;
import nst.report.LargeRow;
import nst.report.LossSamples;
import nst.report.RunReport;
import nst.report.row.PageParts;
import nst.report.row.PageRow;
import nst.report.row.Picture;
import nst.report.row.RowCollector;
import nst.report.row.RowSample;
import nst.report.row.RowScores;
import nst.report.row.SafeText;
import nst.report.sweep.Sweep;
import nst.report.sweep.SweepRows;
import nst.storage.Uris;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the rows of a page and stores their pictures and data. All rows pass once for the
 * columns and thumbnails, and once more for the large pictures of some of them.
 */
final class PageContents {
  private static final Logger LOG = LoggerFactory.getLogger(PageContents.class);

  /** The number of samples of loss curves on a page, for all rows together. */
  private static final int SAMPLES = 12_000;

  /** The smallest number of samples of a row. */
  private static final int MIN_ROW_SAMPLES = 32;

  /** The number of samples in the large view of a row. */
  private static final int LARGE_SAMPLES = 250;

  /** The number of rows in the charts of all rows. More lines cannot be told apart. */
  private static final int CHARTED_ROWS = 200;

  private final RunConfig config;
  private final PageRows converter;
  private final PageImages images;
  private final PageParts parts;
  private final boolean keepsTerms;
  private final RowCollector collector;
  private final SweepRows sweep = new SweepRows();
  private final List<RowPick.Recorded> recorded = new ArrayList<>();
  private final List<RunReport.Curve> curves = new ArrayList<>();
  private final List<String> shown = new ArrayList<>();

  /** The first inputs of the run, whose thumbnails are on the page. */
  private final Set<String> firstInputs = new LinkedHashSet<>();

  private PageContents(
      RunConfig config,
      PageRows converter,
      PageImages images,
      PageParts parts,
      boolean keepsTerms) {
    this.config = config;
    this.converter = converter;
    this.images = images;
    this.parts = parts;
    this.keepsTerms = keepsTerms;
    this.collector = new RowCollector(parts);
  }

  /**
   * What the script needs to know about some rows.
   *
   * @param large the rows with large pictures
   * @param thumbnails of rows, by number, if they are not in the columns
   * @param inputs photos and paintings by URI
   * @param outliers by row number
   */
  record Overview(
      Set<Long> large,
      Map<Long, Picture> thumbnails,
      Map<String, Picture> inputs,
      Map<Long, RowScores.Outlier> outliers) {}

  /** A row that is being converted for the page. */
  private record Pending(Optional<TransferRequest> request, Future<PageRow> row) {}

  /**
   * Stores the columns and the thumbnails of all rows.
   *
   * @param keepsTerms whether {@link #recorded} is needed
   */
  static PageContents collect(
      RunConfig config,
      Iterable<ReportedRow> rows,
      PageRows converter,
      PageImages images,
      PageParts parts,
      boolean keepsTerms) {
    PageContents contents = new PageContents(config, converter, images, parts, keepsTerms);
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads, Threads.daemon("nst-page"));
    try {
      contents.collect(rows, pool, 4 * threads);
    } finally {
      pool.shutdownNow();
    }
    return contents;
  }

  private void collect(Iterable<ReportedRow> rows, ExecutorService pool, int ahead) {
    long thumbnails = isFile() ? 0 : config.whole(Setting.REPORT_THUMBNAILS);
    int inputs = config.integer(Setting.REPORT_ROWS);
    Deque<Pending> pending = new ArrayDeque<>();
    long count = 0;
    for (ReportedRow row : rows) {
      boolean withThumbnail = count++ < thumbnails;
      pending.add(new Pending(row.request(), pool.submit(() -> converter.row(row, withThumbnail))));
      row.request().ifPresent(request -> note(request, inputs));
      if (pending.size() >= ahead) {
        add(pending.remove());
      }
    }
    while (!pending.isEmpty()) {
      add(pending.remove());
    }
    collector.end();
    if (!isFile() && count > thumbnails) {
      shown.add(
          String.format(
              Locale.ROOT,
              "The first %,d rows have thumbnails; for the others the page loads the saved images (report.thumbnails).",
              thumbnails));
    }
  }

  private void add(Pending pending) {
    PageRow row = finished(pending.row());
    collector.add(row);
    sweep.add(row, pending.request());
    if (keepsTerms && row.status() == Status.SKIPPED) {
      row.saved().ifPresent(saved -> recorded.add(new RowPick.Recorded(row.number(), saved)));
    }
  }

  private boolean isFile() {
    return config.reportLayout() == ReportLayout.FILE;
  }

  private void note(TransferRequest request, int limit) {
    for (TransferRequest.Style style : request.styles()) {
      if (firstInputs.size() < limit) {
        firstInputs.add(style.uri());
      }
    }
    if (firstInputs.size() < limit) {
      firstInputs.add(request.content());
    }
  }

  private static PageRow finished(Future<PageRow> row) {
    try {
      return row.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the page was made", e);
    } catch (ExecutionException e) {
      throw Threads.rethrown(e.getCause());
    }
  }

  /**
   * Stores the large pictures and the curves of some rows.
   *
   * @param runId determines the rows that are drawn by chance
   */
  void addLargeRows(Iterable<ReportedRow> rows, String runId) {
    Map<Long, RowScores.Outlier> outliers = collector.outliers();
    RowSample sample =
        collector.sample(outliers, config.integer(Setting.REPORT_ROWS), runId.hashCode());
    Map<Long, Picture> thumbnails = new TreeMap<>();
    Map<String, Picture> inputs = new LinkedHashMap<>();
    int samples =
        Math.max(
            MIN_ROW_SAMPLES, SAMPLES / Math.max(1, Math.min(CHARTED_ROWS, sample.rows().size())));
    for (ReportedRow row : rows) {
      if (sample.rows().contains(row.row())) {
        addLargeRow(row, thumbnails, inputs, samples);
      }
    }
    for (String uri : firstInputs) {
      input(uri, inputs);
    }
    parts.data("overview", new Overview(sample.rows(), thumbnails, inputs, outliers), true);
    shown.addAll(sample.text(collector.count()));
  }

  private void addLargeRow(
      ReportedRow row, Map<Long, Picture> thumbnails, Map<String, Picture> inputs, int samples) {
    Optional<byte[]> bytes = converter.image(row);
    Optional<Sizes> picture = bytes.flatMap(found -> sizes(row, found));
    if (isFile()) {
      picture.ifPresent(sizes -> thumbnails.put(row.row(), sizes.thumbnail()));
    }
    Optional<TransferRequest> request = row.request();
    request.ifPresent(r -> r.styles().forEach(style -> input(style.uri(), inputs)));
    Optional<Picture> content = request.flatMap(r -> input(r.content(), inputs)).map(Sizes::large);
    List<LossSample> losses =
        bytes.flatMap(PageRows::record).map(TransferResult::losses).orElse(List.of());
    parts.data(
        "large-" + row.row(),
        LargeRow.of(
            picture.map(Sizes::large).orElse(null),
            content.orElse(null),
            new RunReport.Curve(row.row(), row.id(), LossSamples.thinned(losses, LARGE_SAMPLES))),
        false);
    if (losses.size() > 1 && curves.size() < CHARTED_ROWS) {
      curves.add(new RunReport.Curve(row.row(), row.id(), LossSamples.thinned(losses, samples)));
    }
  }

  private Optional<Sizes> sizes(ReportedRow row, byte[] bytes) {
    try {
      return images.of(row.outputUri().get(), bytes);
    } catch (TransferException e) { // not an image, or damaged
      LOG.warn("The page does not show {}: {}", row.outputUri().get(), Redactor.stackTrace(e));
      return Optional.empty();
    }
  }

  private Optional<Sizes> input(String uri, Map<String, Picture> inputs) {
    Optional<Sizes> input = images.input(uri);
    input.ifPresent(sizes -> inputs.put(SafeText.of(Uris.display(uri)), sizes.thumbnail()));
    return input;
  }

  /** The rows as a sweep; empty if they are none. */
  Optional<Sweep> sweep() {
    return sweep.sweep();
  }

  /** The terms of the pictures that earlier runs made. */
  List<RowPick.Recorded> recorded() {
    return recorded;
  }

  /** All rows. */
  RowCollector rows() {
    return collector;
  }

  /** The curves of the first rows with large pictures. */
  List<RunReport.Curve> curves() {
    return curves;
  }

  /** What the page shows of which rows, in sentences. */
  List<String> shown() {
    return shown;
  }
}
