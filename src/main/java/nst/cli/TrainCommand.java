package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import nst.cli.terminal.Console;
import nst.cli.terminal.ProgressLine;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.job.Versions;
import nst.job.executor.Session;
import nst.job.train.NetworkSize;
import nst.job.train.TrainingJob;
import nst.job.train.TrainingKnobs;
import nst.job.train.TrainingOptions;
import nst.job.train.TrainingOutcome;
import nst.job.train.TrainingProgress;
import nst.model.EmbeddedLooks;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.text.Counts;
import nst.record.ExitCode;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train}: trains a style network. */
@Command(
    name = "train",
    description =
        "Trains a network that stylises a photo in one pass. Safe to repeat: it continues from its last checkpoint, and does"
            + " nothing if the output has the network.",
    sortOptions = false)
final class TrainCommand extends CliCommand {
  private static final int LARGEST_SIZE = 2048;
  private static final TrainingSchedule USUAL = TrainingSchedule.DEFAULT;
  private static final int MOST_LOOKS = 64;
  private static final int LISTED = 20;

  @Option(
      names = "--style",
      paramLabel = "URI",
      required = true,
      arity = "1..*",
      description = "one or more paintings; one network holds all of them, each as a look")
  List<String> styles = new ArrayList<>();

  @Option(
      names = "--photos",
      paramLabel = "URI",
      required = true,
      description =
          "the photos to train on: a manifest, or a folder (on S3 a prefix) of image files")
  String photos;

  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "output folder; networks/v1 gets the network")
  String output;

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      description = "steps of the optimiser (default: 2000)")
  long steps = USUAL.steps();

  @Option(
      names = "--batch",
      paramLabel = "COUNT",
      description = "crops of photos in each step (default: 2)")
  int batch = USUAL.batch();

  @Option(
      names = "--width",
      paramLabel = "CHANNELS",
      description = "channels of the first convolution (default: that of --from, or 32)")
  Integer width;

  @Option(
      names = "--blocks",
      paramLabel = "COUNT",
      description = "residual blocks (default: that of --from, or 5)")
  Integer blocks;

  @Option(
      names = "--convolution",
      paramLabel = "KIND",
      description =
          "full, or separable, which is smaller and faster (default: that of --from, or full)")
  Convolution convolution;

  @Option(
      names = "--crop",
      paramLabel = "SIDE",
      description = "side of the crops in pixels (default: at most 256)")
  Optional<Integer> crop = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "URI",
      description =
          "a network to begin with, or "
              + EmbeddedLooks.NAME
              + ", the one in the jar (default: random weights)")
  Optional<String> from = Optional.empty();

  @Option(
      names = "--sizes",
      paramLabel = "SIZE",
      split = ",",
      description = "several of --image-size; each painting has a look for each")
  List<Integer> sizes = List.of();

  // The following three are knobs, which mean something else for a network.

  @Option(
      names = "--image-size",
      paramLabel = "SIZE",
      description = "longest side in pixels of the pictures that the network is for (default: 256)")
  String imageSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "the largest step size (default: 0.001)")
  String learningRate;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "seed of the first weights and the crops (default: 0)")
  String seed;

  @Override
  boolean uses(String key) {
    return TrainingKnobs.uses(key);
  }

  @Override
  String afterFailure() {
    return "Run the same command again to continue from the last checkpoint.";
  }

  @Override
  public Integer call() {
    RunConfig config = config();
    TrainingOptions options = options(config);
    return onDevices("train", config, session -> show(trained(session, options)));
  }

  private static TrainingOutcome trained(Session session, TrainingOptions options) {
    AtomicReference<String> line = new AtomicReference<>("");
    ProgressLine shown = new ProgressLine(line::get, ProgressLine.Place.here());
    try {
      return new TrainingJob(session, options, progress -> line.set(text(progress))).run();
    } finally {
      shown.close();
    }
  }

  private TrainingOptions options(RunConfig config) {
    Problems problems = new Problems();
    TrainingKnobs.refuseOthers(config, problems);
    requireBetween("--steps", steps, 1, 1_000_000, problems);
    requireBetween("--batch", batch, 1, 64, problems);
    if (width != null) {
      requireBetween("--width", width, 1, 256, problems);
    }
    if (blocks != null) {
      requireBetween("--blocks", blocks, 0, 32, problems);
    }
    List<Integer> looks = imageSizes(config, problems);
    int side = crop.orElse(Math.min(USUAL.side(), looks.get(0)));
    requireBetween("--crop", side, 1, looks.get(0), problems);
    requireBetween(
        "number of --style times number of --sizes",
        (long) styles.size() * looks.size(),
        1,
        MOST_LOOKS,
        problems);
    problems.throwIfAny();
    double rate =
        config.isSet(Knob.LEARNING_RATE) ? config.defaults().learningRate() : USUAL.learningRate();
    List<String> paintings = styles.stream().map(uri -> UserUri.absolute("--style", uri)).toList();
    List<String> read = new ArrayList<>(paintings);
    Optional<String> begin =
        from.map(uri -> Knob.NETWORK.isEmbedded(uri) ? uri : UserUri.absolute("--from", uri));
    begin.ifPresent(read::add);
    return new TrainingOptions(
        paintings,
        looks,
        new UriPolicy(List.of()).trusting(read),
        UserUri.absolute("--photos", photos),
        UserUri.absolute("--output", output),
        begin.orElse(""),
        new NetworkSize(width, blocks, convolution),
        new TrainingSchedule(steps, rate, side, batch, config.defaults().seed()),
        config,
        Versions.all().get("nst"));
  }

  /** The sizes of the looks, the smallest first. */
  private List<Integer> imageSizes(RunConfig config, Problems problems) {
    if (sizes.isEmpty()) {
      int one = config.isSet(Knob.IMAGE_SIZE) ? config.defaults().imageSize() : USUAL.side();
      requireBetween("--image-size", one, 1, LARGEST_SIZE, problems);
      return List.of(one);
    }
    if (imageSize != null) {
      problems.add("--sizes", "", "expected either --sizes or --image-size, was both");
    }
    sizes.forEach(size -> requireBetween("--sizes", size, 1, LARGEST_SIZE, problems));
    return sizes.stream().distinct().sorted().toList();
  }

  private static void requireBetween(
      String option, long value, long least, long most, Problems problems) {
    if (value < least || value > most) {
      problems.add(
          option, "", "expected a number from " + least + " to " + most + ", was " + value);
    }
  }

  /** {@code 120 of 2,000 steps, loss 3.21, held-out loss 3.4, 12:05 left}. */
  static String text(TrainingProgress now) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d steps%s, held-out loss %.4g%s",
        now.step(),
        now.steps(),
        Double.isNaN(now.loss()) ? "" : String.format(Locale.ROOT, ", loss %.4g", now.loss()),
        now.heldOut(),
        ProgressLine.left(now.secondsLeft()));
  }

  private int show(TrainingOutcome outcome) {
    outcome.leftOut().entrySet().stream()
        .limit(LISTED)
        .forEach(photo -> console().say("left out " + photo.getKey() + ": " + photo.getValue()));
    if (!outcome.leftOut().isEmpty()) {
      console().say(Counts.of(outcome.leftOut().size(), "photo") + " left out");
    }
    return switch (outcome.end()) {
      case TRAINED, EXISTED -> {
        boolean existed = outcome.end() == TrainingOutcome.End.EXISTED;
        if (json) {
          ObjectNode node =
              Console.object()
                  .put("network", outcome.uri())
                  .put("page", outcome.page())
                  .put("existed", existed)
                  .put("photos_left_out", outcome.leftOut().size());
          console().json(node);
        }
        Map<String, String> table = new LinkedHashMap<>();
        table.put("network", Uris.display(outcome.uri()) + (existed ? " (done before)" : ""));
        table.put("page", Uris.display(outcome.page()));
        console().say(table);
        yield ExitCode.OK.code();
      }
      case DIVERGED, INVALID -> {
        console().stopped(outcome.words());
        yield ExitCode.TRY_AGAIN.code();
      }
    };
  }
}
