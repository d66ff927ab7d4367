package nst.job.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import nst.engine.sizing.Sizing;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.image.Size;
import nst.job.executor.JobFailedException;
import nst.job.executor.Lease;
import nst.job.executor.Session;
import nst.job.executor.StyleTransferPlugin;
import nst.job.input.RowTimes;
import nst.job.input.Sources;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.model.Causes;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.knob.Effect;
import nst.record.NetworkLooks;
import nst.record.NetworkRecipe;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import nst.storage.Uris;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's part of a training: what to train, whether it exists, and the task. */
public final class TrainingJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);
  private static final String TAKEN_OVER = "another driver took it over";

  private final Session session;
  private final TrainingOptions options;
  private final Consumer<TrainingProgress> observer;
  private final RunConfig config;
  private final ObjectStore store;
  private volatile boolean lost;

  /**
   * A training.
   *
   * @param observer receives the progress, on another thread
   */
  public TrainingJob(
      Session session, TrainingOptions options, Consumer<TrainingProgress> observer) {
    this.session = session;
    this.options = options;
    this.observer = observer;
    this.config = options.config();
    this.store = options.timed(session.store());
  }

  /**
   * Trains the network, unless the output has it.
   *
   * @throws InvalidInputException if nothing may be started
   * @throws JobFailedException if the training cannot go on now; started again, it goes on from its
   *     last checkpoint
   */
  public TrainingOutcome run() {
    session.requireStorage("--photos", options.photos());
    session.requireStorage("--output", options.output());
    Networks networks = session.networks();
    Network features = networks.get(config.defaults().backbone());
    Problems problems = new Problems();
    Hyperparameters objective =
        TrainingKnobs.values(config, features.backbone(), options.schedule().side(), problems);
    requireLargeEnough(objective, problems);
    List<NetworkLooks.Look> looks = looks(problems);
    Optional<BeginNetwork> begin = begin(problems);
    StyleNetworkArchitecture architecture = architecture(begin, problems);
    problems.throwIfAny();
    PhotoSet photos = new PhotoSearch(session, config, networks).find(options.photos());
    NetworkRecipe recipe =
        recipe(
            looks,
            objective,
            features,
            photos,
            architecture,
            begin.map(BeginNetwork::sha256).orElse(""));
    NetworkLayout layout = new NetworkLayout(options.output(), recipe.key());
    try {
      return existing(layout)
          .orElseGet(
              () -> trainAlone(layout, new TrainingRequest(objective, recipe, photos, networks)));
    } catch (InvalidInputException | JobFailedException e) {
      throw e;
    } catch (Exception e) { // Scala code throws checked exceptions without declaring them
      throw new JobFailedException(
          "The training cannot go on: " + (lost ? TAKEN_OVER : Causes.message(e)), e);
    }
  }

  private Optional<TrainingOutcome> existing(NetworkLayout layout) {
    return store.exists(layout.network())
        ? Optional.of(
            new TrainingOutcome(
                TrainingOutcome.End.EXISTED, layout.network(), layout.page(), Map.of(), ""))
        : Optional.empty();
  }

  /**
   * Trains the network if no other driver does.
   *
   * @throws JobFailedException if one does; the message names it
   */
  private TrainingOutcome trainAlone(NetworkLayout layout, TrainingRequest request) {
    try (Lease lease = Lease.acquire(store, Lease.Claim.of(layout), this::stop)) {
      LOG.info("Holding {}", lease);
      return existing(layout) // since another driver may have finished it
          .orElseGet(() -> train(request));
    }
  }

  /** Another driver holds the training. */
  private void stop() {
    lost = true;
    session.spark().sparkContext().cancelAllJobs();
  }

  /** What the task needs besides the options. */
  private record TrainingRequest(
      Hyperparameters objective, NetworkRecipe recipe, PhotoSet photos, Networks networks) {}

  private TrainingOutcome train(TrainingRequest request) {
    StyleTransferPlugin.listen(
        message -> {
          if (message instanceof TrainingProgress progress) {
            observer.accept(progress);
          }
        });
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.spark().sparkContext());
    TrainingTask task =
        new TrainingTask(
            options,
            request.objective(),
            request.recipe(),
            request.photos(),
            request.networks(),
            context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())));
    TrainingOutcome outcome = context.parallelize(List.of(0), 1).map(task).collect().get(0);
    if (outcome.end() == TrainingOutcome.End.INVALID) {
      throw new InvalidInputException("--photos", "", outcome.words());
    }
    return outcome;
  }

  private void requireLargeEnough(Hyperparameters objective, Problems problems) {
    int side = options.schedule().side();
    try {
      Sizing.requireLargeEnough("crop", new Size(side, side), objective);
    } catch (TransferException e) {
      problems.add("--image-size", "", e.getMessage());
    }
  }

  private List<NetworkLooks.Look> looks(Problems problems) {
    Sources paintings = options.paintings(session.store(options.policy()));
    List<NetworkLooks.Style> styles = new ArrayList<>();
    for (String uri : options.styles()) {
      try {
        String sha256 = paintings.style(uri, new RowTimes()).sha256();
        styles.add(new NetworkLooks.Style(Uris.fileName(uri), sha256, 1));
      } catch (TransferException e) {
        problems.add("--style", "", e.getMessage());
      }
    }
    return styles.size() < options.styles().size()
        ? List.of()
        : options.looks((style, size) -> new NetworkLooks.Look(List.of(styles.get(style)), size));
  }

  /** The network that the training begins with; empty if there is none, or a fault. */
  private Optional<BeginNetwork> begin(Problems problems) {
    if (options.from().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          BeginNetwork.read(
              options.from(), options.timed(session.store(options.policy())), config));
    } catch (TransferException e) {
      problems.add("--from", "", e.getMessage());
      return Optional.empty();
    }
  }

  private StyleNetworkArchitecture architecture(Optional<BeginNetwork> begin, Problems problems) {
    StyleNetworkArchitecture usual =
        begin
            .map(network -> network.file().architecture())
            .orElse(StyleNetworkArchitecture.DEFAULT);
    StyleNetworkArchitecture wanted = options.size().over(usual);
    if (begin.isPresent() && !wanted.equals(usual)) {
      problems.add(
          "--from",
          "",
          "expected a network of the size that is trained, "
              + wanted
              + ", was "
              + usual
              + ". Leave out --width, --blocks and --convolution");
    }
    return wanted;
  }

  private NetworkRecipe recipe(
      List<NetworkLooks.Look> looks,
      Hyperparameters objective,
      Network features,
      PhotoSet photos,
      StyleNetworkArchitecture architecture,
      String from) {
    var schedule = options.schedule();
    return new NetworkRecipe(
        looks,
        objective.texts(Effect.OBJECTIVE),
        objective.texts(Effect.OBJECTIVE_COMPUTATION),
        features.identity(),
        new NetworkRecipe.Architecture(
            architecture.width(),
            architecture.residualBlocks(),
            architecture.convolution().name().toLowerCase(Locale.ROOT)),
        new NetworkRecipe.Training(
            schedule.steps(),
            schedule.learningRate(),
            schedule.side(),
            schedule.batch(),
            schedule.seed(),
            from),
        new NetworkRecipe.Photos(
            photos.digest(), photos.found(), photos.training().size(), photos.heldOut().size()),
        NetworkRecipe.Result.NONE);
  }
}
