package nst.job.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nst.engine.StyleTransfer;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.CropSampler;
import nst.engine.stylenetwork.StyleNetworkArchitecture;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.stylenetwork.StyleNetworkFile;
import nst.engine.stylenetwork.TrainingLook;
import nst.engine.stylenetwork.TrainingSetup;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.job.executor.ExecutorEngine;
import nst.job.executor.StyleTransferPlugin;
import nst.job.input.RowTimes;
import nst.job.input.Source;
import nst.job.input.Sources;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.record.NetworkLooks;
import nst.record.NetworkRecipe;
import nst.record.TrainingLog;
import nst.storage.HadoopObjectStore;
import nst.storage.NetworkLayout;
import nst.storage.ObjectStore;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The Spark task that trains a network on an executor's device. A task that Spark repeats goes on
 * from the last checkpoint.
 */
final class TrainingTask implements Function<Integer, TrainingOutcome> {
  private static final long serialVersionUID = 1L;

  /** CropSampler reduces the shorter side of a photo at most to so many sides of a crop. */
  private static final int LARGEST_PHOTO = 2;

  private static final int LISTED = 5;

  private final TrainingOptions options;
  private final Hyperparameters objective;
  private final NetworkRecipe recipe;
  private final PhotoSet photos;
  private final Networks networks;
  private final Broadcast<SerializableConfiguration> hadoop;

  TrainingTask(
      TrainingOptions options,
      Hyperparameters objective,
      NetworkRecipe recipe,
      PhotoSet photos,
      Networks networks,
      Broadcast<SerializableConfiguration> hadoop) {
    this.options = options;
    this.objective = objective;
    this.recipe = recipe;
    this.photos = photos;
    this.networks = networks;
    this.hadoop = hadoop;
  }

  @Override
  public TrainingOutcome call(Integer number) {
    TaskContext context = TaskContext.get();
    StyleTransfer engine =
        ExecutorEngine.of(context.resourcesJMap(), networks).network(objective.backbone());
    ObjectStore store = options.timed(new HadoopObjectStore(hadoop.value().value()));
    NetworkLayout layout = new NetworkLayout(options.output(), recipe.key());
    int crop = options.schedule().side();

    PhotoCache heldOutCache = cache(photos.heldOut(), crop, 0);
    HeldOutPhotos heldOut = heldOut(photos.heldOut(), heldOutCache);
    List<String> training = new ArrayList<>(photos.training());
    PhotoCache trainingCache = cache(training, crop, Runtime.getRuntime().maxMemory() / 4);
    if (heldOut.photos().isEmpty()) { // the first that can be used is held out instead
      heldOut = heldOut(training, trainingCache).first();
      heldOut.photos().forEach(photo -> training.remove(photo.uri()));
      trainingCache = cache(training, crop, Runtime.getRuntime().maxMemory() / 4);
    }
    Map<String, String> leftOut = new TreeMap<>(heldOutCache.leftOut());
    int usable = heldOut.photos().size() + usable(training, trainingCache);
    if (usable < PhotoSearch.FEWEST_PHOTOS) {
      leftOut.putAll(trainingCache.leftOut());
      return tooFew(layout, usable, leftOut);
    }
    TrainingSetup setup = setup(context);
    try (SampleQueue samples =
            new SampleQueue(
                new CropSampler(trainingCache, options.schedule(), recipe.looks().size()),
                options.schedule());
        TrainingRun run =
            new TrainingRun(
                checkpoint -> engine.training(setup, checkpoint),
                options.schedule(),
                trainingCache,
                heldOut,
                samples,
                new Checkpoints(store, layout),
                StyleTransferPlugin::tell,
                context::isInterrupted)) {
      boolean complete = run.complete();
      leftOut.putAll(run.log().leftOut());
      return complete
          ? finished(store, layout, run, heldOut, leftOut)
          : diverged(layout, run, leftOut);
    }
  }

  private RunConfig config() {
    return options.config();
  }

  private PhotoCache cache(List<String> uris, int crop, long maxBytes) {
    ImageLimits limits = ImageLimits.of(config());
    ImageDecoder decoder =
        new ImageDecoder(
            new ImageLimits(
                limits.maxBytes(),
                limits.maxPixels(),
                Math.max(limits.minSide(), crop),
                limits.maxAspect()));
    return new PhotoCache(
        uris,
        options.timed(HadoopObjectStore.within(photos.policy(), hadoop.value().value())),
        decoder,
        config().whole(Setting.MAX_BYTES),
        Math.max(LARGEST_PHOTO * crop, Collections.max(options.imageSizes())),
        maxBytes);
  }

  private HeldOutPhotos heldOut(List<String> uris, PhotoCache cache) {
    return HeldOutPhotos.of(
        uris,
        cache::find,
        options.schedule().side(),
        recipe.looks().stream().map(NetworkLooks.Look::imageSize).toList());
  }

  /** How many photos can be used; counts no further than the fewest that are needed. */
  private static int usable(List<String> uris, PhotoCache cache) {
    int usable = 0;
    for (String uri : uris) {
      usable += cache.find(uri).isPresent() ? 1 : 0;
      if (usable == PhotoSearch.FEWEST_PHOTOS - 1) {
        break;
      }
    }
    return usable;
  }

  private static TrainingOutcome tooFew(
      NetworkLayout layout, int usable, Map<String, String> leftOut) {
    String reasons =
        leftOut.entrySet().stream()
            .limit(LISTED)
            .map(photo -> photo.getKey() + ": " + photo.getValue())
            .collect(Collectors.joining("; "));
    return new TrainingOutcome(
        TrainingOutcome.End.INVALID,
        layout.network(),
        "",
        leftOut,
        "expected at least "
            + PhotoSearch.FEWEST_PHOTOS
            + " photos that can be used, found "
            + usable
            + ". Left out: "
            + leftOut.size()
            + " photos, such as "
            + reasons);
  }

  private static TrainingOutcome diverged(
      NetworkLayout layout, TrainingRun run, Map<String, String> leftOut) {
    return new TrainingOutcome(
        TrainingOutcome.End.DIVERGED,
        layout.network(),
        "",
        leftOut,
        "The training diverged after "
            + run.training().steps()
            + " steps, although the learning rate was halved "
            + run.log().halvings()
            + " times. Choose a smaller --learning-rate or other weights of the objective");
  }

  private TrainingSetup setup(TaskContext context) {
    Sources paintings =
        options.paintings(HadoopObjectStore.within(options.policy(), hadoop.value().value()));
    List<StyleImage> styles = new ArrayList<>();
    for (String uri : options.styles()) {
      Source painting = paintings.style(uri, new RowTimes());
      styles.add(
          new StyleImage(
              painting.image(), 1, Optional.empty(), Optional.empty(), painting.sha256()));
    }
    List<TrainingLook> looks =
        options.looks((style, size) -> new TrainingLook(List.of(styles.get(style)), size));
    for (int i = 0; i < looks.size(); i++) {
      String expected = recipe.looks().get(i).styles().get(0).sha256();
      if (!looks.get(i).styles().get(0).identity().equals(expected)) {
        throw changed(options.styles().get(i / options.imageSizes().size()));
      }
    }
    return new TrainingSetup(
        architecture(), looks, objective, begin(), options.schedule().seed(), workers(context));
  }

  private StyleNetworkArchitecture architecture() {
    NetworkRecipe.Architecture made = recipe.architecture();
    return new StyleNetworkArchitecture(
        made.width(),
        made.residualBlocks(),
        Convolution.valueOf(made.convolution().toUpperCase(Locale.ROOT)));
  }

  private Optional<TrainingSetup.Begin> begin() {
    if (options.from().isEmpty()) {
      return Optional.empty();
    }
    BeginNetwork network =
        BeginNetwork.read(
            options.from(),
            options.timed(HadoopObjectStore.within(options.policy(), hadoop.value().value())),
            config());
    if (!network.sha256().equals(recipe.training().from())) {
      throw changed(options.from());
    }
    return Optional.of(network.begin(recipe.looks()));
  }

  private static TransferException changed(String uri) {
    return new TransferException(
        ErrorCode.SOURCE_CHANGED, "Cannot read " + uri + ": it changed after the start");
  }

  /** Samples that are computed at once: on a local master all processors belong to this task. */
  private int workers(TaskContext context) {
    boolean local =
        ExecutionMode.of(SparkEnv.get().conf().get("spark.master")) == ExecutionMode.LOCAL;
    int processors = local ? Runtime.getRuntime().availableProcessors() : context.cpus();
    return Math.max(1, Math.min(options.schedule().batch(), processors));
  }

  /** Writes the page, then the network, which tells that the training is over. */
  private TrainingOutcome finished(
      ObjectStore store,
      NetworkLayout layout,
      TrainingRun run,
      HeldOutPhotos heldOut,
      Map<String, String> leftOut) {
    TrainingLog log = run.log();
    NetworkRecipe made =
        recipe.with(
            new NetworkRecipe.Result(
                log.heldOut(), log.photos(), leftOut.size(), log.halvings(), options.version()));
    new TrainingPage(store, layout).write(made, log, heldOut, run.training(), leftOut);
    StyleNetworkFile network = run.training().checkpoint(made.json()).network();
    store.write(layout.network(), network.encoded());
    new Checkpoints(store, layout).delete();
    return new TrainingOutcome(
        TrainingOutcome.End.TRAINED, layout.network(), layout.page(), leftOut, "");
  }
}
