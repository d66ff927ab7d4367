package nst.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import nst.engine.network.NetworkWeights;
import nst.engine.sizing.Sizing;
import nst.engine.tile.TileGrid;
import nst.engine.tile.TileSize;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares images in tiles with whole images: memory, time, losses, and pixels. */
@Command(
    name = "tiles",
    description = {
      "Stylises one square image whole and in tiles, each in a new JVM with only the engine: the"
          + " default preset with the embedded network, without coarser scales. Prints the largest"
          + " resident memory, the CPU time of an evaluation after the first, the losses, and how"
          + " much pixels differ, in grey levels of 255, within 4 pixels of the borders of tiles"
          + " and elsewhere."
    },
    mixinStandardHelpOptions = true)
public final class TilesCommand implements Callable<Integer> {
  private static final long MEBI = 1 << 20;

  /** The time of the thread that computes, so that other work on the machine counts little. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Pixels this near to a tile's border are at the border. */
  private static final int BORDER = 4;

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "512,1024",
      description = "Sides of the square images, in pixels. Default: ${DEFAULT-VALUE}.")
  private List<Integer> sizes;

  @Option(
      names = "--tile",
      defaultValue = "256",
      description = "The side of the tiles, in pixels. Default: ${DEFAULT-VALUE}.")
  private int tile;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      description = "The precision. Default: ${DEFAULT-VALUE}.")
  private String precision;

  @Option(
      names = "--iterations",
      defaultValue = "1",
      description = "Steps of the optimiser; 0: only the losses. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(names = "--here", hidden = true, description = "In this JVM: write the picture here.")
  private Optional<Path> here = Optional.empty();

  /**
   * What one JVM found.
   *
   * @param pixels the planes of the picture
   */
  private record Found(
      long peakMebi, long evaluationMillis, double first, double last, FloatBuffer pixels) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (here.isPresent()) {
      stylize(sizes.get(0), here.get());
      return 0;
    }
    System.out.println(
        "| px | precision | tiles | peak MiB | predicted MiB | evaluation CPU ms | first loss | last loss | mean difference"
            + " at borders | elsewhere | largest at borders | elsewhere |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (int size : sizes) {
      Found whole = ofItsOwnJvm(size, 0);
      System.out.println(line(size, "none", TileSize.NONE, whole) + " | | | | |");
      Found tiled = ofItsOwnJvm(size, tile);
      TileSize tiles = new TileSize(tile);
      TileGrid grid = tiles.grid(new Size(size, size), recipe(size)).orElseThrow();
      System.out.println(
          line(size, grid.tiles().size() + " of " + tile + " px", tiles, tiled)
              + differences(whole, tiled, grid));
    }
    return 0;
  }

  private String line(int size, String tiles, TileSize tileSize, Found found) {
    Hyperparameters recipe = recipe(size);
    int history = Math.min(recipe.lbfgsHistory(), iterations);
    long predicted =
        MemoryCommand.PROCESS_BYTES
            + Sizing.memoryBytes(
                new Size(size, size),
                recipe.precision(),
                recipe.with(Knob.LBFGS_HISTORY, history),
                tileSize);
    return String.format(
        Locale.ROOT,
        "| %d | %s | %s | %d | %d | %d | %.9f | %.9f",
        size,
        precision,
        tiles,
        found.peakMebi(),
        predicted / MEBI,
        found.evaluationMillis(),
        found.first(),
        found.last());
  }

  /** The differences of pixels in grey levels of 255. */
  private static String differences(Found whole, Found tiled, TileGrid grid) {
    DoubleSummaryStatistics border = new DoubleSummaryStatistics();
    DoubleSummaryStatistics elsewhere = new DoubleSummaryStatistics();
    int width = grid.image().width();
    int height = grid.image().height();
    for (int i = 0; i < whole.pixels().capacity(); i++) {
      double difference = 255 * Math.abs(whole.pixels().get(i) - tiled.pixels().get(i));
      boolean near = isNear(i % width, grid.columns()) || isNear(i / width % height, grid.rows());
      (near ? border : elsewhere).accept(difference);
    }
    return String.format(
        Locale.ROOT,
        " | %.2g | %.2g | %.2g | %.2g |",
        border.getAverage(),
        elsewhere.getAverage(),
        border.getMax(),
        elsewhere.getMax());
  }

  private static boolean isNear(int pixel, List<TileGrid.Span> spans) {
    return spans.stream()
        .skip(1)
        .anyMatch(span -> pixel >= span.from() - BORDER && pixel < span.from() + BORDER);
  }

  private Found ofItsOwnJvm(int size, int tile) throws IOException, InterruptedException {
    Path picture = Files.createTempFile("tiles", ".pixels");
    try {
      String numbers =
          ChildJvm.lastLine(
              256 + size * (long) size / 10_000,
              List.of(
                  "tiles",
                  "--here=" + picture,
                  "--sizes=" + size,
                  "--tile=" + tile,
                  "--precision=" + precision,
                  "--iterations=" + iterations));
      return found(numbers.split(" ", -1), picture);
    } finally {
      Files.delete(picture);
    }
  }

  /** Reads the numbers of the child process and its picture. */
  private static Found found(String[] numbers, Path picture) throws IOException {
    FloatBuffer planes = ByteBuffer.wrap(Files.readAllBytes(picture)).asFloatBuffer();
    return new Found(
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]),
        Double.parseDouble(numbers[2]),
        Double.parseDouble(numbers[3]),
        planes);
  }

  private Hyperparameters recipe(int size) {
    return Workbench.recipe(size, precision)
        .with(Knob.SMALLEST_SIZE, 0)
        .with(Knob.NUM_ITERATIONS, iterations);
  }

  private void stylize(int size, Path picture) throws IOException {
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine =
            StyleTransfer.open(device, NetworkWeights.embedded(), new TileSize(tile))) {
      List<Long> nanos = new ArrayList<>();
      StylizedImage made =
          engine.stylize(
              Workbench.images(),
              recipe(size),
              sample -> nanos.add(THREADS.getCurrentThreadCpuTime()));
      LossSample first = made.losses().get(0);
      LossSample last = made.losses().get(made.losses().size() - 1);
      int evaluations = Math.max(1, last.evaluations() - first.evaluations());
      long millis = (nanos.get(nanos.size() - 1) - nanos.get(0)) / evaluations / 1_000_000;
      float[] planes = made.image().planes();
      ByteBuffer bytes = ByteBuffer.allocate(planes.length * Float.BYTES);
      bytes.asFloatBuffer().put(planes);
      Files.write(picture, bytes.array());
      System.out.printf(
          Locale.ROOT,
          "%d %d %.12f %.12f%n",
          made.peakMemoryBytes() / MEBI,
          millis,
          first.totalLoss(),
          last.totalLoss());
    }
  }
}
