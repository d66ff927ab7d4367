package nst.job.page;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import nst.image.RgbImage;
import nst.job.RecordedPictures;
import nst.job.manifest.ManifestTest;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.record.ReportedRow;
import nst.record.ReportedRow.Measured;
import nst.record.RunSummary;
import nst.storage.ForwardingStore;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;

/**
 * A generated run of many rows and its page, without Spark and without a network. Row 3 of every
 * 100 fails and row 7 is skipped. Row 42 has ten times the style term of its kind.
 */
final class PageRun {
  static final int OUTLIER = 42;

  /** A row with HTML in its texts. */
  static final int HOSTILE = 13;

  static final String HOSTILE_ID = "photo-13\"><script>document.title='owned'</script>";
  private static final String HOSTILE_ALBUM = "<img src=x onerror=\"document.title='owned'\">";
  private static final String[] STYLES = {"waves", "night", "bridge", "garden", "flowers"};
  private static final double[] WEIGHTS = {0.05, 0.1, 0.2, 0.4};

  private final Path output;
  private final int count;
  private final IntFunction<ReportedRow> row;

  PageRun(Path output, int count) {
    this(output, count, PageRun::row);
  }

  /**
   * @param row makes the row with a number
   */
  PageRun(Path output, int count, IntFunction<ReportedRow> row) {
    this.output = output;
    this.count = count;
    this.row = row;
  }

  /** Writes the page with this configuration, and returns its file. */
  Path write(Map<Setting, Object> settings) {
    ObjectStore files = new HadoopObjectStore(new Configuration(false));
    new ReportPage(
            new Pictures(files),
            policy -> new Pictures(files),
            ManifestTest.config(Map.of(), settings))
        .write(summary(), rows(), Optional.empty());
    return output.resolve("runs/run_date=2026-01-01/run_id=large/report/index.html");
  }

  private RunSummary summary() {
    Map<Status, Long> counts = new EnumMap<>(Status.class);
    Map<String, Long> failures = new TreeMap<>();
    for (ReportedRow row : rows()) {
      counts.merge(row.status(), 1L, Long::sum);
      row.failure().ifPresent(failure -> failures.merge(failure.code().name(), 1L, Long::sum));
    }
    RunSummary empty = PageOfLargePhotos.run("file:" + output, count);
    return new RunSummary(
        empty.runId(),
        empty.runDate(),
        empty.manifest(),
        empty.output(),
        new RunSummary.Rows(
            count,
            counts.getOrDefault(Status.OK, 0L),
            counts.getOrDefault(Status.FAILED, 0L),
            counts.getOrDefault(Status.SKIPPED, 0L),
            0),
        failures,
        List.of(),
        3600,
        new Timings(1200, 5400, 3_500_000, 4000, 900),
        List.of("cpu", "cpu"),
        1,
        empty.storageRetries(),
        List.of(),
        612,
        1800,
        0,
        List.of(),
        "",
        0,
        empty.startedAt(),
        empty.finishedAt(),
        Map.of("nst", "0.1.0"),
        RecordedPictures.defaults().entries());
  }

  /** The rows are made when they are iterated over, as those of a table. */
  Iterable<ReportedRow> rows() {
    return () -> IntStream.range(0, count).mapToObj(row).iterator();
  }

  static ReportedRow row(int number) {
    SplittableRandom random = new SplittableRandom(number);
    String id = number == HOSTILE ? HOSTILE_ID : "photo-" + number;
    String style = STYLES[number % STYLES.length];
    TransferRequest request =
        RecordedPictures.request(
            id, "file:/photos/photo-" + number % 97 + ".jpg", "file:/paintings/" + style + ".jpg");
    double weight = WEIGHTS[number / STYLES.length % WEIGHTS.length];
    request =
        new TransferRequest(
            id,
            request.content(),
            "",
            request.styles(),
            request.hyperparameters().with(Map.of(Knob.CONTENT_WEIGHT, weight)));
    Status status =
        number % 100 == 3 ? Status.FAILED : number % 100 == 7 ? Status.SKIPPED : Status.OK;
    double factor = number == OUTLIER ? 10 : 1;
    Measured measured =
        new Measured(
            512,
            384,
            30,
            "ITERATIONS",
            0.02 * Math.exp(random.nextDouble() - 0.5),
            factor * 0.3 * Math.exp(random.nextDouble() - 0.5),
            0.1 * Math.exp(random.nextDouble() - 0.5),
            factor * 0.35 * Math.exp(random.nextDouble() - 0.5),
            1.0,
            new Timings(12, 40, 8000 + random.nextInt(6000), 60, 9),
            List.of());
    return new ReportedRow(
        number,
        id,
        Optional.of(String.format("%032x", number)),
        status,
        status == Status.FAILED
            ? Optional.of(
                new Failure(
                    number % 200 == 3 ? ErrorCode.NOT_FOUND : ErrorCode.CORRUPT_IMAGE,
                    "expected a whole JPEG in photo-" + number))
            : Optional.empty(),
        Optional.of(request),
        Optional.of(String.format("file:/out/images/v1/00/%032x.png", number)),
        status == Status.OK ? Optional.of(measured) : Optional.empty(),
        new TreeMap<>(
            Map.of(
                "album",
                number == HOSTILE ? HOSTILE_ALBUM : "album " + number % 12,
                "shot",
                "2024-05-" + (number % 28 + 1))));
  }

  /** Draws small pictures when they are read, and writes to files. */
  private static final class Pictures extends ForwardingStore {
    private final Map<Integer, byte[]> drawn = new ConcurrentHashMap<>();

    Pictures(ObjectStore files) {
      super(files);
    }

    @Override
    public byte[] read(String uri, long maxBytes) {
      int hue = Math.floorMod(uri.hashCode(), 24);
      return drawn.computeIfAbsent(
          uri.contains("images/v1") ? hue : 24 + hue, number -> draw(hue, number == hue));
    }

    private static byte[] draw(int hue, boolean isResult) {
      BufferedImage image = new BufferedImage(96, 72, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(Color.getHSBColor(hue / 24f, 0.35f, isResult ? 0.75f : 0.5f));
      graphics.fillRect(0, 0, 96, 72);
      graphics.setColor(Color.getHSBColor(hue / 24f, 0.5f, 0.95f));
      graphics.fillOval(20, 12, 40, 40);
      graphics.dispose();
      if (isResult) {
        int[] pixels = image.getRGB(0, 0, 96, 72, null, 0, 96);
        float[] planes = new float[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
          for (int c = 0; c < 3; c++) {
            planes[c * pixels.length + i] = (pixels[i] >> (16 - 8 * c) & 255) / 255f;
          }
        }
        return RecordedPictures.png(new RgbImage(96, 72, planes));
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        ImageIO.write(image, "jpg", bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }
  }

  /** Writes a page to look at: output folder, number of rows, number of thumbnails. */
  public static void main(String[] arguments) {
    long start = System.nanoTime();
    PageRun run = new PageRun(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    Path page = run.write(Map.of(Setting.REPORT_THUMBNAILS, Long.parseLong(arguments[2])));
    System.out.println(page + " in " + (System.nanoTime() - start) / 1_000_000 + " ms");
  }
}
