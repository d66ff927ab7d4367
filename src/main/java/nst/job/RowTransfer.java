package nst.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import nst.engine.StyleTransfer;
import nst.engine.Stylized;
import nst.image.ImageDecoder;
import nst.image.ImageEncoder;
import nst.image.ImageRecord;
import nst.image.ImageRecordReader;
import nst.image.RgbImage;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.Init;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Picture;
import nst.model.TransferResult.Place;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.storage.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one row: read, decode, optimise, encode, write. Whatever happens, it comes back as a
 * result.
 */
final class RowTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(RowTransfer.class);

  /**
   * Styles that rows of a batch share are decoded once; batches are grouped by style, so few are
   * enough.
   */
  private static final int STYLES_KEPT = 8;

  private final ObjectStore store;
  private final ExecutorEngine engine;
  private final ImageDecoder decoder;
  private final Origin origin;
  private final long maxBytes;
  private final Duration deadline;
  private final Map<String, Source> styles =
      new LinkedHashMap<>(STYLES_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Source> eldest) {
          return size() > STYLES_KEPT;
        }
      };

  /** Who works: constant for a task. */
  record Origin(String runId, String host, String executorId, int attempt, String weightsSha256) {}

  /** An image as it was read. */
  private record Source(RgbImage image, String sha256) {}

  RowTransfer(
      ObjectStore store,
      ExecutorEngine engine,
      ImageDecoder decoder,
      Origin origin,
      long maxBytes,
      Duration deadline) {
    this.store = store;
    this.engine = engine;
    this.decoder = decoder;
    this.origin = origin;
    this.maxBytes = maxBytes;
    this.deadline = deadline;
  }

  /**
   * Makes the row's picture, unless it is there already.
   *
   * @param outputUri where the picture goes
   */
  TransferResult transfer(TransferRequest request, String key, String outputUri) {
    Instant startedAt = Instant.now();
    Clock clock = new Clock();
    try {
      Optional<TransferResult> made = alreadyMade(request, key, outputUri);
      return made.isPresent() ? made.get() : make(request, key, outputUri, startedAt, clock);
    } catch (TransferException e) {
      LOG.info("Row id={} key={} failed", request.id(), key, e);
      return failed(request, key, startedAt, clock, new Failure(e.code(), e.getMessage()));
    } catch (CancellationException e) {
      throw e; // the task is being ended: the row is nobody's failure, and is computed again
    } catch (RuntimeException e) {
      LOG.error("Row id={} key={} met a defect", request.id(), key, e);
      return failed(
          request, key, startedAt, clock, new Failure(ErrorCode.INTERNAL, "Unexpected " + e));
    }
  }

  /** The record of a picture that another attempt or another run has written. */
  private Optional<TransferResult> alreadyMade(
      TransferRequest request, String key, String outputUri) {
    if (!store.exists(outputUri)) {
      return Optional.empty();
    }
    byte[] bytes = store.read(outputUri, Long.MAX_VALUE);
    Optional<TransferResult> record = ImageRecordReader.read(bytes).map(ResultJson::read);
    if (record.isEmpty() || !record.get().key().equals(key)) {
      LOG.warn("{} is no picture of ours: it will be replaced", outputUri);
      return Optional.empty();
    }
    TransferResult made = record.get();
    Status status = made.runId().equals(origin.runId()) ? Status.OK : Status.SKIPPED;
    Optional<Picture> picture =
        made.picture().map(p -> p.stored(outputUri, TransferRequest.sha256(bytes), bytes.length));
    return Optional.of(
        new TransferResult(
            key,
            origin.runId(),
            status,
            Optional.empty(),
            request,
            picture,
            made.timings(),
            made.place(),
            made.losses()));
  }

  private TransferResult make(
      TransferRequest request, String key, String outputUri, Instant startedAt, Clock clock) {
    Hyperparameters h = request.hyperparameters();
    Source content = source(request.content(), "content", clock);
    List<StyleTransfer.StyleImage> styleImages = new ArrayList<>();
    List<String> styleDigests = new ArrayList<>();
    for (TransferRequest.Style style : request.styles()) {
      Source painting = style(style.uri(), clock);
      styleDigests.add(painting.sha256());
      Optional<Source> mask = optional(style.mask(), Manifest.MASK, clock);
      Optional<Source> styleMask = optional(style.styleMask(), Manifest.STYLE_MASK, clock);
      styleImages.add(
          new StyleTransfer.StyleImage(
              painting.image(),
              style.weight(),
              mask.map(Source::image),
              styleMask.map(Source::image),
              painting.sha256() + styleMask.map(Source::sha256).orElse("")));
    }
    Optional<RgbImage> init =
        h.init() == Init.IMAGE
            ? optional(h.initImage(), Knob.INIT_IMAGE.key(), clock).map(Source::image)
            : Optional.empty();

    clock.start();
    Stylized stylized =
        engine
            .network(h.backbone())
            .stylize(
                new StyleTransfer.Images(content.image(), styleImages, init),
                h,
                sample -> {},
                Instant.now().plus(deadline));
    clock.optimizeMs = clock.stop();

    Picture picture = picture(stylized, content.sha256(), styleDigests);
    TransferResult unsaved = ok(request, key, startedAt, clock, picture, stylized.losses());
    clock.start();
    byte[] bytes =
        ImageEncoder.encode(stylized.image(), h.outputFormat(), h.jpegQuality(), record(unsaved));
    clock.encodeMs = clock.stop();
    clock.start();
    store.write(outputUri, bytes);
    clock.writeMs = clock.stop();
    Picture stored = picture.stored(outputUri, TransferRequest.sha256(bytes), bytes.length);
    return ok(request, key, startedAt, clock, stored, stylized.losses());
  }

  private Source style(String uri, Clock clock) {
    Source known = styles.get(uri);
    if (known == null) {
      known = source(uri, "style", clock);
      styles.put(uri, known);
    }
    return known;
  }

  private Optional<Source> optional(String uri, String column, Clock clock) {
    return uri.isEmpty() ? Optional.empty() : Optional.of(source(uri, column, clock));
  }

  /** Reads and decodes; a failure names the column that the URI came from. */
  private Source source(String uri, String column, Clock clock) {
    try {
      clock.start();
      byte[] bytes = store.read(uri, maxBytes);
      clock.readMs += clock.stop();
      clock.start();
      RgbImage image = decoder.decode(bytes).image();
      clock.decodeMs += clock.stop();
      return new Source(image, TransferRequest.sha256(bytes));
    } catch (TransferException e) {
      String where = e.getMessage().contains(uri) ? "" : " (" + uri + ")";
      throw new TransferException(e.code(), column + ": " + e.getMessage() + where, e);
    }
  }

  private Picture picture(Stylized stylized, String contentDigest, List<String> styleDigests) {
    return new Picture(
        "",
        "",
        0,
        stylized.image().width(),
        stylized.image().height(),
        stylized.iterations(),
        stylized.evaluations(),
        stylized.stopReason().name(),
        stylized.saved(),
        stylized.initialTotalLoss(),
        contentDigest,
        styleDigests,
        origin.weightsSha256(),
        engine.deviceName(),
        stylized.precision().name().toLowerCase(java.util.Locale.ROOT),
        stylized.peakMemoryBytes(),
        TransferRequest.ALGORITHM_VERSION);
  }

  private static ImageRecord record(TransferResult result) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", result.key());
    fields.put("run_id", result.runId());
    result
        .picture()
        .ifPresent(
            picture -> fields.put("total_loss", Double.toString(picture.saved().totalLoss())));
    result
        .request()
        .hyperparameters()
        .values()
        .forEach((knob, value) -> fields.put(knob.key(), knob.domain().text(value)));
    return new ImageRecord(ResultJson.write(result), fields);
  }

  private TransferResult ok(
      TransferRequest request,
      String key,
      Instant startedAt,
      Clock clock,
      Picture picture,
      List<LossSample> losses) {
    return new TransferResult(
        key,
        origin.runId(),
        Status.OK,
        Optional.empty(),
        request,
        Optional.of(picture),
        clock.timings(),
        place(startedAt),
        losses);
  }

  private TransferResult failed(
      TransferRequest request, String key, Instant startedAt, Clock clock, Failure failure) {
    return new TransferResult(
        key,
        origin.runId(),
        Status.FAILED,
        Optional.of(failure),
        request,
        Optional.empty(),
        clock.timings(),
        place(startedAt),
        List.of());
  }

  private Place place(Instant startedAt) {
    return new Place(
        origin.host(), origin.executorId(), origin.attempt(), startedAt, Instant.now());
  }

  /** Where a row's time goes, in milliseconds. */
  private static final class Clock {
    private long startNanos;
    private long readMs;
    private long decodeMs;
    private long optimizeMs;
    private long encodeMs;
    private long writeMs;

    void start() {
      startNanos = System.nanoTime();
    }

    long stop() {
      return (System.nanoTime() - startNanos) / 1_000_000;
    }

    Timings timings() {
      return new Timings(readMs, decodeMs, optimizeMs, encodeMs, writeMs);
    }
  }
}
