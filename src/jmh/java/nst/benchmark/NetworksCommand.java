package nst.benchmark;

import java.io.IOException;
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
 * Compares the pictures of style networks with optimised ones, by the objective of the saved
 * images. Photos that were used in a training should not be measured.
 */
@Command(
    name = "networks",
    description =
        "Compares the total loss of style networks' pictures, alone and refined, with that of balanced.",
    mixinStandardHelpOptions = true)
final class NetworksCommand implements Callable<Integer> {
  @Option(
      names = "--network",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Default: the one in the jar")
  private List<Path> networks = List.of();

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

  /**
   * A style network that is measured.
   *
   * @param mebibytes the size of its file
   */
  private record Candidate(
      StyleNetworkFile file, String sha256, NetworkLooks looks, double mebibytes) {
    static Candidate of(String name, byte[] bytes) {
      StyleNetworkFile file = StyleNetworkFile.of(name, bytes);
      return new Candidate(
          file, Sha256.hex(bytes), NetworkLooks.read(file.recipe()), bytes.length / 1048576.0);
    }

    /** The network as the start of a picture in the style. */
    NetworkStart start(StyleImage style, int size) {
      List<Double> blend =
          looks
              .blend(List.of(new NetworkLooks.Style("", style.identity(), 1)), size)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "expected a network with a look for each style, was one of "
                              + file.architecture()));
      return new NetworkStart(file, sha256, blend);
    }
  }

  /** A photo with a painting. */
  private record Pair(Path photo, Path painting, StyleImage style) {}

  /** A pair, made in three ways. */
  private record Line(Pair pair, Candidate candidate, Made network, Made refined, Made balanced) {
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
          "| %s | %s | %s | %.3f (%.2f s) | %.3f (%d, %.1f s) | %.3f (%d, %.1f s) | %.2f | %.2f |",
          pair.photo().getFileName(),
          pair.painting().getFileName(),
          candidate.file().architecture(),
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
    List<Candidate> candidates = candidates();
    System.out.printf(
        "Total losses of saved images of %d px (evaluations, seconds), two images at a time with one"
            + " thread each; the last two columns are divided by balanced.%n%n",
        size);
    System.out.printf(
        "| photo | painting | network | alone | with %d steps | balanced | alone | with %d steps |%n",
        steps, steps);
    System.out.println("|---|---|---|---|---|---|---|---|");
    List<Line> lines = new ArrayList<>();
    ExecutorService two = Executors.newFixedThreadPool(2);
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.embedded())) {
      List<Future<List<Line>>> all = new ArrayList<>();
      for (Pair pair : pairs()) {
        all.add(two.submit(() -> lines(engine, pair, candidates)));
      }
      for (Future<List<Line>> ofPair : all) {
        ofPair.get().forEach(System.out::println);
        lines.addAll(ofPair.get());
      }
    } finally {
      two.shutdownNow();
    }
    System.out.printf(
        "%nMedians of %d pairs with their range, divided by balanced:%n%n",
        lines.size() / candidates.size());
    System.out.printf("| network | MiB | seconds alone | alone | with %d steps |%n", steps);
    System.out.println("|---|---|---|---|---|");
    for (Candidate candidate : candidates) {
      print(candidate, lines.stream().filter(line -> line.candidate() == candidate).toList());
    }
    return 0;
  }

  private static void print(Candidate candidate, List<Line> lines) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.3f | %s | %s |%n",
        candidate.file().architecture(),
        candidate.mebibytes(),
        share(lines, line -> line.network().seconds(), 0.5),
        range(lines, Line::alone),
        range(lines, Line::afterSteps));
  }

  private static String range(List<Line> lines, ToDoubleFunction<Line> value) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f to %.2f)",
        share(lines, value, 0.5),
        share(lines, value, 0),
        share(lines, value, 1));
  }

  private List<Candidate> candidates() throws IOException {
    if (networks.isEmpty()) {
      return List.of(Candidate.of(EmbeddedLooks.NAME, EmbeddedStyleNetwork.bytes()));
    }
    List<Candidate> candidates = new ArrayList<>();
    for (Path network : networks) {
      candidates.add(Candidate.of(network.toString(), Files.readAllBytes(network)));
    }
    return candidates;
  }

  private List<Pair> pairs() throws IOException {
    List<Pair> pairs = new ArrayList<>();
    for (Path painting : styles) {
      byte[] bytes = Files.readAllBytes(painting);
      StyleImage style =
          new StyleImage(
              decoder.decode(bytes).image(),
              1,
              Optional.empty(),
              Optional.empty(),
              Sha256.hex(bytes));
      try (Stream<Path> found = Files.list(photos)) {
        found
            .filter(Files::isRegularFile)
            .sorted()
            .forEach(photo -> pairs.add(new Pair(photo, painting, style)));
      }
    }
    return pairs;
  }

  private List<Line> lines(StyleTransfer engine, Pair pair, List<Candidate> candidates)
      throws IOException {
    RgbImage content = decoder.decode(Files.readAllBytes(pair.photo())).image();
    SourceImages images = new SourceImages(content, List.of(pair.style()), Optional.empty());
    Hyperparameters balanced = Preset.BALANCED.hyperparameters().with(Knob.IMAGE_SIZE, size);
    Made optimized = made(engine, images, Optional.empty(), balanced);
    Hyperparameters begun = balanced.with(Knob.INIT, "network").with(Knob.SMALLEST_SIZE, 0);
    List<Line> lines = new ArrayList<>();
    for (Candidate candidate : candidates) {
      NetworkStart start = candidate.start(pair.style(), size);
      engine.picture(images, start, begun.with(Knob.NUM_ITERATIONS, 0)); // loads the network
      long began = System.nanoTime();
      engine.picture(images, start, begun.with(Knob.NUM_ITERATIONS, 0));
      double alone = (System.nanoTime() - began) / 1e9; // without the measurement of the losses
      Made network = made(engine, images, Optional.of(start), begun.with(Knob.NUM_ITERATIONS, 0));
      lines.add(
          new Line(
              pair,
              candidate,
              new Made(network.total(), 0, alone),
              made(engine, images, Optional.of(start), begun.with(Knob.NUM_ITERATIONS, steps)),
              optimized));
    }
    return lines;
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
