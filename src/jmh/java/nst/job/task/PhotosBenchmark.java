package nst.job.task;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import nst.engine.sizing.Sizing;
import nst.image.ImageLimits;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Size;
import nst.image.codec.ImageDecoder;
import nst.job.input.NetworkSource;
import nst.job.input.Sources;
import nst.job.manifest.ManifestTest;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.knob.NetworkChoices.Backbone;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how fast large photos reach a device that needs no time for a row. */
@Command(
    name = "photos",
    description =
        "Sends rows with large photos through the pipeline of a task, to a device that answers at"
            + " once. Prints photos in a second for several numbers of rows that are fetched at the"
            + " same time, and how long the thread of the device works for a row.",
    mixinStandardHelpOptions = true)
public final class PhotosBenchmark implements Callable<Integer> {
  /** Standard deviation in grey levels. */
  private static final double GRAIN = 4;

  /** That of cameras; with the default of 0.75, the grain would be lost. */
  private static final float QUALITY = 0.93f;

  @Option(
      names = "--photo",
      defaultValue = "sample-data/content/pier.jpg",
      description = "The photo. Default: ${DEFAULT-VALUE}.")
  private Path photo = Path.of("");

  @Option(
      names = "--megapixels",
      defaultValue = "24",
      description = "The photo is enlarged or reduced to this size. Default: ${DEFAULT-VALUE}.")
  private double megapixels;

  @Option(
      names = "--size",
      defaultValue = "512",
      description = "image_size of the rows. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--rows",
      defaultValue = "12",
      description = "Rows of each measurement. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--ahead",
      split = ",",
      defaultValue = "1,2",
      description = "Rows that are fetched at the same time. Default: ${DEFAULT-VALUE}.")
  private List<Integer> ahead = List.of();

  @Option(
      names = "--folder",
      defaultValue = "target/benchmark-photos",
      description = "Folder for the photos. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  private final ObjectStore files = new HadoopObjectStore(new Configuration(false));
  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);

  @Override
  public Integer call() throws IOException {
    Hyperparameters row =
        Preset.BALANCED.hyperparameters().with(Knob.IMAGE_SIZE, size).on(Backbone.VGG16);
    List<Path> photos = photos();
    measure(photos.subList(0, 1), row, 1); // loads the classes
    parts(Files.readAllBytes(photos.get(0)), row);
    for (int count : ahead) {
      measure(photos, row, count);
    }
    return 0;
  }

  /** Copies of one photo; rows of the same file would share it. */
  private List<Path> photos() throws IOException {
    Files.createDirectories(folder);
    RgbImage small = decoder.decode(Files.readAllBytes(photo)).image();
    Size large =
        new Size(small.width(), small.height())
            .times(Math.sqrt(megapixels * 1e6 / small.width() / small.height()));
    RgbImage image = Resampler.resize(small, large.width(), large.height());
    Path first = folder.toAbsolutePath().resolve("0.jpg");
    write(grained(image), first);
    byte[] bytes = Files.readAllBytes(first);
    for (int i = 1; i < rows; i++) {
      Files.write(first.resolveSibling(i + ".jpg"), bytes);
    }
    System.out.printf(
        Locale.ROOT,
        "%d photos of %d x %d px, JPEG of %.1f MB, for pictures of %d px%n",
        rows,
        large.width(),
        large.height(),
        bytes.length / 1e6,
        size);
    return IntStream.range(0, rows).mapToObj(i -> first.resolveSibling(i + ".jpg")).toList();
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      ImageWriteParam quality = writer.getDefaultWriteParam();
      quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      quality.setCompressionQuality(QUALITY);
      writer.write(null, new IIOImage(image, null, null), quality);
    } finally {
      writer.dispose();
    }
  }

  /**
   * The image with the grain of a camera, without which a JPEG is too small and decoded too fast.
   */
  private static BufferedImage grained(RgbImage image) {
    Random random = new Random(0);
    int area = image.width() * image.height();
    BufferedImage buffered =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < area; i++) {
      int rgb = 0;
      for (int channel = 0; channel < 3; channel++) {
        double value = 255 * image.planes()[channel * area + i] + GRAIN * random.nextGaussian();
        rgb = rgb << 8 | (int) Math.max(0, Math.min(255, Math.round(value)));
      }
      buffered.setRGB(i % image.width(), i / image.width(), rgb);
    }
    return buffered;
  }

  /** Prints the times of decoding and of reducing. */
  private void parts(byte[] bytes, Hyperparameters row) {
    long start = System.nanoTime();
    RgbImage image = decoder.decode(bytes).image();
    long decoded = System.nanoTime();
    for (Size reduced : Sizing.sizes(new Size(image.width(), image.height()), row)) {
      Resampler.resize(image, reduced.width(), reduced.height());
    }
    System.out.printf(
        Locale.ROOT,
        "one photo alone: %.2f s to decode, %.2f s to reduce to all scales%n",
        (decoded - start) / 1e9,
        (System.nanoTime() - decoded) / 1e9);
  }

  private void measure(List<Path> photos, Hyperparameters row, int count) {
    RowStages instant = InstantTask.instant(null);
    AtomicLong onDevice = new AtomicLong();
    Sources sources = new Sources(files, decoder, Long.MAX_VALUE, count);
    RowStages stages =
        new RowStages(
            new RowFetch(
                any -> Optional.empty(), sources, new NetworkSource(files, Long.MAX_VALUE), false),
            (planned, inputs, times) -> {
              long start = System.nanoTime();
              inputs
                  .scales(row)
                  .scales()
                  .forEach(scale -> inputs.images().content().at(scale.size()));
              onDevice.addAndGet(System.nanoTime() - start);
              return instant.optimize().optimize(planned, inputs, times);
            },
            instant.store());
    RowOrigin origin = new RowOrigin("run", "host", "1", 0, ManifestTest.NETWORKS, "cpu");
    long start = System.nanoTime();
    new RowPipeline(stages, count, origin, (planned, result, seconds) -> requireMade(result))
        .run(planned(photos, row), () -> true);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d fetched at the same time: %d photos in %.1f s, %.2f photos a second; the thread of the"
            + " device works %.2f ms for a row%n",
        count,
        photos.size(),
        seconds,
        photos.size() / seconds,
        onDevice.get() / 1e6 / photos.size());
  }

  private static void requireMade(TransferResult result) {
    result
        .failure()
        .ifPresent(
            failure -> {
              throw new IllegalStateException(failure.toString());
            });
  }

  private Iterator<PlannedRow> planned(List<Path> photos, Hyperparameters row) {
    String style = "file:" + Path.of("sample-data/style/great_wave.jpg").toAbsolutePath();
    return photos.stream()
        .map(
            file ->
                new PlannedRow(
                    new TransferRequest(
                        file.getFileName().toString(),
                        "file:" + file,
                        "",
                        List.of(new TransferRequest.Style(style, 1)),
                        row),
                    file.getFileName().toString(),
                    "file:/nowhere.png",
                    1))
        .iterator();
  }
}
