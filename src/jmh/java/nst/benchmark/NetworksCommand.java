package nst.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.EmbeddedStyleNetwork;
import nst.engine.stylenetwork.NetworkStart;
import nst.engine.stylenetwork.StyleNetworkFile;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.model.EmbeddedLooks;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.text.Sha256;
import nst.record.NetworkLooks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the pictures of a style network with optimised ones, by the objective of the saved
 * images. Photos that were used in the training should not be measured.
 */
@Command(
    name = "networks",
    description =
        "Compares the total loss of a style network's pictures, alone and refined, with that of balanced.",
    mixinStandardHelpOptions = true)
final class NetworksCommand implements Callable<Integer> {
  @Option(names = "--network", paramLabel = "FILE", description = "Default: the one in the jar")
  private Optional<Path> network = Optional.empty();

  @Option(names = "--style", paramLabel = "FILE", required = true, arity = "1..*")
  private List<Path> styles = List.of();

  @Option(names = "--photos", paramLabel = "FOLDER", required = true)
  private Path photos = Path.of("");

  @Option(
      names = "--size",
      defaultValue = "256",
      description = "The longest side. Default: ${DEFAULT-VALUE}")
  private int size;

  @Option(
      names = "--steps",
      defaultValue = "5",
      description = "Steps after the network. Default: ${DEFAULT-VALUE}")
  private int steps;

  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);

  /** The saved image's total loss, and what it took. */
  private record Made(double total, long evaluations, double seconds) {}

  /** One photo with one painting, made in three ways. */
  private record Line(Path photo, Path style, Made network, Made refined, Made balanced) {
    double alone() {
      return network.total() / balanced.total();
    }

    double afterSteps() {
      return refined.total() / balanced.total();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %s | %s | %.3f (%.1f s) | %.3f (%d, %.1f s) | %.3f (%d, %.1f s) | %.2f | %.2f |",
          photo.getFileName(),
          style.getFileName(),
          network.total(),
          network.seconds(),
          refined.total(),
          refined.evaluations(),
          refined.seconds(),
          balanced.total(),
          balanced.evaluations(),
          balanced.seconds(),
          alone(),
          afterSteps());
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    byte[] bytes = network.isPresent() ? Files.readAllBytes(network.get()) : embedded();
    StyleNetworkFile file = StyleNetworkFile.of("network", bytes);
    NetworkLooks looks = NetworkLooks.read(file.recipe());
    System.out.println(
        "Total losses of saved images of "
            + size
            + " px (evaluations, seconds), two images at a time with one thread each; the last two columns are divided by balanced.\n");
    System.out.println(
        "| photo | painting | network | network and "
            + steps
            + " steps | balanced | network | network and "
            + steps
            + " steps |");
    System.out.println("|---|---|---|---|---|---|---|");
    List<Line> lines = new ArrayList<>();
    ExecutorService two = Executors.newFixedThreadPool(2);
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.embedded())) {
      List<Future<Line>> all = new ArrayList<>();
      for (Path style : styles) {
        byte[] painting = Files.readAllBytes(style);
        String sha256 = Sha256.hex(painting);
        List<Double> blend =
            looks
                .blend(List.of(new NetworkLooks.Style("", sha256, 1)), size)
                .orElseThrow(
                    () -> new IllegalArgumentException("the network has no look for " + style));
        NetworkStart start = new NetworkStart(file, Sha256.hex(bytes), blend);
        StyleImage image =
            new StyleImage(
                decoder.decode(painting).image(), 1, Optional.empty(), Optional.empty(), sha256);
        for (Path photo : files()) {
          all.add(two.submit(() -> line(engine, photo, style, image, start)));
        }
      }
      for (Future<Line> one : all) {
        lines.add(one.get());
        System.out.println(one.get());
      }
    } finally {
      two.shutdownNow();
    }
    System.out.printf(
        Locale.ROOT,
        "%n%d pairs, divided by balanced: network alone median %.2f (%.2f .. %.2f); with %d steps median %.2f (%.2f .. %.2f)%n",
        lines.size(),
        share(lines, Line::alone, 0.5),
        share(lines, Line::alone, 0),
        share(lines, Line::alone, 1),
        steps,
        share(lines, Line::afterSteps, 0.5),
        share(lines, Line::afterSteps, 0),
        share(lines, Line::afterSteps, 1));
    return 0;
  }

  private static byte[] embedded() {
    System.out.println("Network: " + EmbeddedLooks.NAME);
    return EmbeddedStyleNetwork.bytes();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> found = Files.list(photos)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private Line line(
      StyleTransfer engine, Path photo, Path style, StyleImage painting, NetworkStart start) {
    RgbImage content;
    try {
      content = decoder.decode(Files.readAllBytes(photo)).image();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SourceImages images = new SourceImages(content, List.of(painting), Optional.empty());
    Hyperparameters balanced = Preset.BALANCED.hyperparameters().with(Knob.IMAGE_SIZE, size);
    Hyperparameters begun = balanced.with(Knob.INIT, "network").with(Knob.SMALLEST_SIZE, 0);
    long begin = System.nanoTime();
    engine.picture(images, start, begun.with(Knob.NUM_ITERATIONS, 0));
    double alone = (System.nanoTime() - begin) / 1e9;
    Made network = made(engine, images, Optional.of(start), begun.with(Knob.NUM_ITERATIONS, 0));
    return new Line(
        photo,
        style,
        new Made(network.total(), 0, alone), // without the measurement of the losses
        made(engine, images, Optional.of(start), begun.with(Knob.NUM_ITERATIONS, steps)),
        made(engine, images, Optional.empty(), balanced));
  }

  private static Made made(
      StyleTransfer engine, SourceImages images, Optional<NetworkStart> start, Hyperparameters h) {
    long begin = System.nanoTime();
    StylizedImage image = engine.stylize(images, start, h, (sample, picture) -> {}, Instant.MAX);
    return new Made(
        image.saved().totalLoss(), image.evaluations(), (System.nanoTime() - begin) / 1e9);
  }

  private static double share(List<Line> lines, ToDoubleFunction<Line> value, double share) {
    double[] sorted = lines.stream().mapToDouble(value).sorted().toArray();
    return Arrays.stream(sorted)
        .skip(Math.round(share * (sorted.length - 1)))
        .findFirst()
        .orElse(0);
  }
}
