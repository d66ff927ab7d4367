package nst.job.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import nst.concurrent.OrderedTasks;
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

  /** The heap in bytes for each thread that decodes images; large images are decoded alone. */
  private static final long HEAP_PER_THREAD = 128L << 20;

  /** One for each core, if the heap is large enough. */
  private static final int THREADS =
      (int)
          Math.max(
              1,
              Math.min(
                  Runtime.getRuntime().availableProcessors(),
                  Runtime.getRuntime().maxMemory() / HEAP_PER_THREAD));

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

  /** A row as the page shows it. */
  private record Converted(Optional<TransferRequest> request, PageRow row) {}

  /**
   * The large pictures of a row.
   *
   * @param thumbnail if the page is one file
   * @param inputs its paintings and its photo, without those that cannot be read
   */
  private record LargePictures(
      ReportedRow row,
      Optional<Picture> thumbnail,
      Optional<Picture> large,
      Map<String, Sizes> inputs,
      List<LossSample> losses) {}

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
    contents.collect(rows);
    return contents;
  }

  private void collect(Iterable<ReportedRow> rows) {
    long thumbnails = isFile() ? 0 : config.whole(Setting.REPORT_THUMBNAILS);
    int inputs = config.integer(Setting.REPORT_ROWS);
    long count = 0;
    try (OrderedTasks<Converted> tasks = tasks(THREADS, this::add)) {
      for (ReportedRow row : rows) {
        boolean withThumbnail = count++ < thumbnails;
        tasks.add(() -> new Converted(row.request(), converter.row(row, withThumbnail)));
        row.request().ifPresent(request -> note(request, inputs));
      }
      tasks.finish();
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

  private static <T> OrderedTasks<T> tasks(int threads, Consumer<T> results) {
    return new OrderedTasks<>(threads, "nst-page", results);
  }

  private void add(Converted converted) {
    PageRow row = converted.row();
    collector.add(row);
    sweep.add(row, converted.request());
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
    // One after the other in a page that is one file, so that its pictures have a fixed order.
    int threads = isFile() ? 1 : THREADS;
    try (OrderedTasks<LargePictures> tasks =
        tasks(threads, large -> addLargeRow(large, thumbnails, inputs, samples))) {
      for (ReportedRow row : rows) {
        if (sample.rows().contains(row.row())) {
          tasks.add(() -> largePictures(row));
        }
      }
      tasks.finish();
    }
    addOtherInputs(inputs, threads);
    parts.data("overview", new Overview(sample.rows(), thumbnails, inputs, outliers), true);
    shown.addAll(sample.text(collector.count()));
  }

  /** Adds the thumbnails of the first inputs that no large row has. */
  private void addOtherInputs(Map<String, Picture> inputs, int threads) {
    record Input(String uri, Optional<Picture> thumbnail) {}
    try (OrderedTasks<Input> tasks =
        tasks(
            threads,
            input ->
                input
                    .thumbnail()
                    .ifPresent(thumbnail -> inputs.put(displayed(input.uri()), thumbnail)))) {
      for (String uri : firstInputs) {
        if (!images.hasRead(uri)) {
          tasks.add(() -> new Input(uri, images.inputThumbnail(uri)));
        }
      }
      tasks.finish();
    }
  }

  private LargePictures largePictures(ReportedRow row) {
    Optional<byte[]> bytes = converter.image(row);
    Optional<Picture> thumbnail = Optional.empty(); // in a folder, it was stored with the columns
    Optional<Picture> large;
    if (isFile()) {
      Optional<Sizes> sizes = stored(row, bytes, images::of);
      thumbnail = sizes.map(Sizes::thumbnail);
      large = sizes.map(Sizes::large);
    } else {
      large = stored(row, bytes, images::large);
    }
    Map<String, Sizes> inputs = new LinkedHashMap<>();
    row.request()
        .ifPresent(
            request -> {
              request.styles().forEach(style -> addInput(style.uri(), PageImages.LARGE, inputs));
              addInput(request.content(), side(large), inputs);
            });
    List<LossSample> losses =
        bytes.flatMap(PageRows::record).map(TransferResult::losses).orElse(List.of());
    return new LargePictures(row, thumbnail, large, inputs, losses);
  }

  /** The longest side of a photo beside its picture: not larger, so that a page is made faster. */
  private static int side(Optional<Picture> picture) {
    return picture
        .map(large -> Math.min(PageImages.LARGE, Math.max(large.width(), large.height())))
        .orElse(PageImages.LARGE);
  }

  private void addInput(String uri, int side, Map<String, Sizes> inputs) {
    images.input(uri, side).ifPresent(sizes -> inputs.put(uri, sizes));
  }

  private static <T> Optional<T> stored(
      ReportedRow row, Optional<byte[]> bytes, BiFunction<String, byte[], Optional<T>> store) {
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    String uri = row.outputUri().get();
    try {
      return store.apply(uri, bytes.get());
    } catch (TransferException e) { // not an image, or damaged
      LOG.warn("The page does not show {}: {}", uri, Redactor.stackTrace(e));
      return Optional.empty();
    }
  }

  private void addLargeRow(
      LargePictures large,
      Map<Long, Picture> thumbnails,
      Map<String, Picture> inputs,
      int samples) {
    ReportedRow row = large.row();
    large.thumbnail().ifPresent(thumbnail -> thumbnails.put(row.row(), thumbnail));
    large.inputs().forEach((uri, sizes) -> inputs.put(displayed(uri), sizes.thumbnail()));
    Optional<Sizes> content = row.request().map(request -> large.inputs().get(request.content()));
    List<LossSample> losses = large.losses();
    parts.data(
        "large-" + row.row(),
        LargeRow.of(
            large.large().orElse(null),
            content.map(Sizes::large).orElse(null),
            new RunReport.Curve(row.row(), row.id(), LossSamples.thinned(losses, LARGE_SAMPLES))),
        false);
    if (losses.size() > 1 && curves.size() < CHARTED_ROWS) {
      curves.add(new RunReport.Curve(row.row(), row.id(), LossSamples.thinned(losses, samples)));
    }
  }

  /** A URI as the page shows it. */
  private static String displayed(String uri) {
    return SafeText.of(Uris.display(uri));
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
