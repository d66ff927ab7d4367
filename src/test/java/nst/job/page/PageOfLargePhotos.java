package nst.job.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import nst.image.RgbImage;
import nst.image.codec.Thumbnail;
import nst.job.RecordedPictures;
import nst.model.RunConfig;
import nst.model.TransferResult;
import nst.record.ReportedRow;
import nst.record.RunSummary;
import nst.storage.ForwardingStore;
import nst.storage.ObjectStore;
import nst.storage.RetryCounters;
import org.apache.hadoop.conf.Configuration;

/**
 * A program that writes the page of a run with many rows, each with its own photo. {@link
 * ReportPageIT} runs it with a small heap.
 */
final class PageOfLargePhotos {
  /** The side of the photos in pixels, larger than the large view. */
  private static final int WIDTH = 1100;

  private static final int HEIGHT = 700;

  private PageOfLargePhotos() {}

  /**
   * Writes the page.
   *
   * @param arguments the output folder, the number of rows and, if all rows have the same photo,
   *     its file
   */
  public static void main(String[] arguments) {
    String output = "file:" + Path.of(arguments[0]).toAbsolutePath();
    int count = Integer.parseInt(arguments[1]);
    ObjectStore files = new nst.storage.HadoopObjectStore(new Configuration(false));
    Optional<Path> photos =
        arguments.length > 2 ? Optional.of(Path.of(arguments[2])) : Optional.empty();
    ObjectStore store = new Noise(files, photos);
    new ReportPage(store, policy -> store, RecordedPictures.defaults())
        .write(run(output, count), rows(count), Optional.empty());
  }

  static List<ReportedRow> rows(int count) {
    List<ReportedRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          new ReportedRow(
              i,
              "row " + i,
              Optional.of("key"),
              TransferResult.Status.OK,
              Optional.empty(),
              Optional.of(
                  RecordedPictures.request("row " + i, "noise:/photo-" + i, "noise:/painting")),
              Optional.of("noise:/images/v1/ab/result-" + i),
              Optional.empty(),
              Map.of()));
    }
    return rows;
  }

  static RunSummary run(String output, int count) {
    return run(output, count, RecordedPictures.defaults());
  }

  /**
   * @param config the configuration that the run recorded
   */
  static RunSummary run(String output, int count, RunConfig config) {
    return new RunSummary(
        "large",
        "2026-01-01",
        "file:/manifest.parquet",
        output,
        new RunSummary.Rows(count, count, 0, 0, 0),
        Map.of(),
        List.of(),
        3600,
        TransferResult.Timings.NONE,
        List.of("cpu"),
        1,
        RetryCounters.NONE,
        List.of(),
        1,
        1,
        0,
        List.of(),
        "",
        0,
        Instant.EPOCH,
        Instant.EPOCH,
        Map.of(),
        config.entries());
  }

  /**
   * Creates images when they are read, one at a time, because the heap is for the page, and writes
   * to files.
   */
  static final class Noise extends ForwardingStore {
    private static final Object ONE_AT_A_TIME = new Object();

    private final Optional<Path> photos;

    Noise(ObjectStore files) {
      this(files, Optional.empty());
    }

    /**
     * @param photos the folder of the photos; empty for noise
     */
    Noise(ObjectStore files, Optional<Path> photos) {
      super(files);
      this.photos = photos;
    }

    @Override
    public byte[] read(String uri, long maxBytes) {
      if (photos.isPresent() && uri.contains("photo")) {
        return file(photos.get().resolve(uri.substring(uri.lastIndexOf('/') + 1)));
      }
      synchronized (ONE_AT_A_TIME) {
        return created(uri);
      }
    }

    private static byte[] file(Path photo) {
      try {
        return Files.readAllBytes(photo);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static byte[] created(String uri) {
      SplittableRandom random = new SplittableRandom(uri.hashCode());
      float[] planes = new float[3 * WIDTH * HEIGHT];
      for (int i = 0; i < planes.length; i++) {
        planes[i] = (float) random.nextDouble();
      }
      RgbImage image = new RgbImage(WIDTH, HEIGHT, planes);
      return uri.contains("result") ? RecordedPictures.png(image) : Thumbnail.jpeg(image);
    }
  }
}
