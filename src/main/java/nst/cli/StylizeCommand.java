package nst.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import nst.cli.option.DeliveredSize;
import nst.cli.terminal.Console;
import nst.cli.terminal.ProgressLine;
import nst.files.InputFiles;
import nst.files.OutputFiles;
import nst.job.executor.Session;
import nst.job.network.ExecutionMode;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.job.network.Recipe;
import nst.job.task.LocalTransfer;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.model.text.Counts;
import nst.model.text.ShellWords;
import nst.storage.StandardStreams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stylize}: stylises photos of this machine in this process, without Spark. */
@Command(
    name = "stylize",
    description =
        "Stylises one photo, or several one after another, on this machine. Needs no manifest and starts no Spark.",
    sortOptions = false)
final class StylizeCommand extends CliCommand {
  @Parameters(
      paramLabel = "PHOTO",
      arity = "0..*",
      description = "photos, folders of photos or globs; -: standard input")
  List<String> photos = new ArrayList<>();

  @Option(
      names = "--style",
      paramLabel = "FILE",
      description = "a style image; several are blended in equal parts")
  List<String> styles = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "the image to write, or a folder for the images of several photos; -: standard output"
              + " (default: PHOTO-STYLE.png in the working directory)")
  Optional<String> output = Optional.empty();

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description =
          "the longest side, or original: enlarges the images towards the size of their photos and adds the photo's fine"
              + " detail (default: image_size)")
  Optional<String> size = Optional.empty();

  @Option(names = "--overwrite", description = "replace outputs that exist")
  boolean overwrite;

  /** What is checked before the engine is loaded. */
  private record Plan(
      RunConfig config,
      Networks networks,
      Network network,
      OptionalInt longest,
      List<LocalTransfer.Item> items) {}

  @Override
  Console console() {
    if (!json && output.filter(StandardStreams.NAME::equals).isPresent()) {
      return new Console(Console.Form.IMAGE);
    }
    return super.console();
  }

  @Override
  String afterFailure() {
    return "Images that were written are kept. To make all again, run the same command with"
        + " --overwrite.";
  }

  @Override
  public Integer call() {
    StandardStreams files = new StandardStreams(overwrite, System.in, System.out);
    Plan plan = plan(files);
    RunConfig config = plan.config();
    StylizeReport report =
        new StylizeReport(console(), plan.items().size(), ProgressLine.Place.here());
    try (LocalTransfer transfer =
        new LocalTransfer(
            config, plan.networks(), plan.network(), files, threads(config), plan.longest())) {
      Problems problems = new Problems();
      List<TransferRequest.Style> first = plan.items().get(0).request().styles();
      transfer.readStyles(first.stream().map(TransferRequest.Style::uri).toList(), problems);
      problems.throwIfAny();
      transfer.run("stylize-" + RunCommand.newId(), plan.items(), report);
      return report.end(config, plan.network(), threads(config), transfer.hasLostDevice(), json);
    }
  }

  /**
   * Checks everything that can be checked without decoding an image.
   *
   * @throws InvalidInputException with every fault found
   */
  private Plan plan(StandardStreams files) {
    Problems problems = new Problems();
    RunConfig config = configuration.resolve(problems);
    if (config.device() == Setting.Device.GPU) {
      Session.requireCuda(problems);
    }
    long maxBytes = config.whole(Setting.MAX_BYTES);
    InputFiles found = InputFiles.photos(photos, problems);
    if (photos.isEmpty()) {
      problems.add("PHOTO", "", "expected at least one photo, was none");
    }
    Problems unreadable = new Problems();
    found
        .uris()
        .forEach(
            uri ->
                InputFiles.fault(uri, maxBytes)
                    .ifPresent(fault -> unreadable.add("PHOTO", "", fault)));
    List<String> paintings = paintings(maxBytes, problems);
    OptionalInt longest = DeliveredSize.longest(size, problems);
    checkStreams(found, paintings, problems);
    OutputFiles outputs = new OutputFiles(output, paintings, overwrite);
    OutputFormat format = format(config, outputs, problems);
    List<String> targets = outputs.of(found, format, problems);
    Optional<Networks> networks = networks(config, files, problems);
    boolean noneReadable = unreadable.list().size() == found.uris().size();
    if (!problems.isEmpty() || noneReadable || networks.isEmpty()) {
      unreadable.list().forEach(fault -> problems.add(fault.where(), "", fault.message()));
    }
    problems.throwIfAny();
    found
        .leftOut()
        .forEach(
            (folder, images) ->
                console()
                    .say(
                        Counts.of(images, "photo")
                            + " below "
                            + folder
                            + " left out. A pattern such as "
                            + ShellWords.quoted(folder + "/**.jpg")
                            + " includes subfolders"));
    Hyperparameters base = config.defaults().with(Knob.OUTPUT_FORMAT, format);
    Recipe recipe = Recipe.of(base, Map.of(), networks.get(), "configuration", problems);
    checkStart(recipe.hyperparameters(), maxBytes, problems);
    problems.throwIfAny();
    List<LocalTransfer.Item> items = new ArrayList<>();
    List<TransferRequest.Style> blend =
        paintings.stream()
            .map(uri -> new TransferRequest.Style(uri, 1.0 / paintings.size()))
            .toList();
    for (int i = 0; i < targets.size(); i++) {
      TransferRequest request =
          new TransferRequest(
              "row-" + i,
              found.uris().get(i),
              "",
              blend,
              recipe.hyperparameters(),
              recipe.substitutedLayers());
      items.add(new LocalTransfer.Item(request, targets.get(i)));
    }
    Network network = networks.get().get(recipe.hyperparameters().backbone());
    return new Plan(config, networks.get(), network, longest, items);
  }

  private List<String> paintings(long maxBytes, Problems problems) {
    if (styles.isEmpty()) {
      problems.add("--style", "", "expected at least one style image, was none");
    }
    List<String> uris = new ArrayList<>();
    for (String typed : styles) {
      InputFiles.uri("--style", typed, problems)
          .ifPresent(
              uri -> {
                uris.add(uri);
                InputFiles.fault(uri, maxBytes)
                    .ifPresent(fault -> problems.add("--style", "", fault));
              });
    }
    return uris;
  }

  private void checkStreams(InputFiles found, List<String> paintings, Problems problems) {
    long streams =
        found.uris().stream().filter(StandardStreams.NAME::equals).count()
            + paintings.stream().filter(StandardStreams.NAME::equals).count();
    if (streams > 1) {
      problems.add("PHOTO", "", "expected standard input (-) once, was " + streams + " times");
    }
    if (json && output.filter(StandardStreams.NAME::equals).isPresent()) {
      problems.add(
          "--output",
          "",
          "expected a file together with --json, was -. Both would be written to standard output");
    }
  }

  /** The name of the output decides the format, unless a format is configured. */
  private static OutputFormat format(RunConfig config, OutputFiles outputs, Problems problems) {
    String key = Knob.OUTPUT_FORMAT.key();
    OutputFormat configured = config.defaults().outputFormat();
    OutputFormat named =
        outputs
            .format()
            .filter(format -> !format.extension().equals(configured.extension()))
            .orElse(configured); // .png is also the name for png16
    if (named != configured && config.isSet(Knob.OUTPUT_FORMAT)) {
      problems.add(
          "--output",
          "",
          "expected a name for "
              + key
              + "="
              + config.defaults().text(Knob.OUTPUT_FORMAT)
              + ", was "
              + outputs.typed().get());
    }
    return named;
  }

  private static Optional<Networks> networks(
      RunConfig config, StandardStreams files, Problems problems) {
    try {
      return Optional.of(Networks.of(config, files, ExecutionMode.LOCAL));
    } catch (InvalidInputException e) {
      e.problems()
          .forEach(problem -> problems.add(problem.where(), problem.column(), problem.message()));
      return Optional.empty();
    }
  }

  private static void checkStart(Hyperparameters h, long maxBytes, Problems problems) {
    switch (h.init()) {
      case IMAGE -> checkFile(Knob.INIT_IMAGE, h.initImage(), maxBytes, problems);
      case NETWORK -> {
        if (h.network().isEmpty()) { // only a run finds a network of its output
          problems.add(
              "configuration",
              Knob.NETWORK.key(),
              "expected " + Knob.NETWORK.domain().expected() + ", with init=network, was none");
        }
        checkFile(Knob.NETWORK, h.network(), maxBytes, problems);
      }
      default -> {} // reads no file
    }
  }

  private static void checkFile(Knob knob, String typed, long maxBytes, Problems problems) {
    if (!typed.isEmpty() && !knob.isEmbedded(typed)) {
      InputFiles.uri("configuration", typed, problems)
          .flatMap(uri -> InputFiles.fault(uri, maxBytes))
          .ifPresent(fault -> problems.add("configuration", knob.key(), fault));
    }
  }

  /** One image has the whole machine, so it uses all processors unless {@code threads} is set. */
  private static int threads(RunConfig config) {
    return config.isSet(Setting.THREADS)
        ? config.integer(Setting.THREADS)
        : Runtime.getRuntime().availableProcessors();
  }
}
