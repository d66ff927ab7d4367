package nst.job.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import nst.concurrent.Threads;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.network.NetworkWeights;
import nst.engine.sizing.Pyramid;
import nst.engine.tile.TileSize;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.DetailTransfer;
import nst.image.ImageLimits;
import nst.image.Photo;
import nst.image.codec.ImageDecoder;
import nst.job.executor.ExecutorEngine;
import nst.job.input.NetworkSource;
import nst.job.input.RowTimes;
import nst.job.input.Sources;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.model.knob.NetworkChoices.Backbone;
import nst.storage.ObjectStore;

/**
 * Stylises images in this process, one after another, with the stages of a task but without a run:
 * there is no output folder, no journal and no table. The inputs come from an {@link ObjectStore},
 * and the images go there.
 */
public final class LocalTransfer implements AutoCloseable {
  /** The number of photos that are read ahead. */
  private static final int READ_AHEAD = 1;

  private final RunConfig config;
  private final Networks networks;
  private final ObjectStore store;
  private final Engine engine;
  private final String executorId;
  private final Sources sources;
  private final NetworkSource styleNetworks;
  private final OptionalInt longest;
  private final AtomicBoolean deviceLost = new AtomicBoolean();

  /** What computes the images. */
  private interface Engine extends AutoCloseable {
    /** The name of the device, for the record of an image. */
    String device();

    /**
     * The network of a request.
     *
     * @throws CancellationException if there is none
     */
    StyleTransfer network(Backbone backbone);

    /** Why the images were cancelled. */
    default RuntimeException reason(CancellationException cancelled) {
      return cancelled;
    }

    @Override
    void close();
  }

  /** The engine of this executor, which other tasks use as well. */
  private record Shared(ExecutorEngine engine, Networks networks) implements Engine {
    @Override
    public String device() {
      return engine.deviceName();
    }

    @Override
    public StyleTransfer network(Backbone backbone) {
      return engine.network(networks.get(backbone));
    }

    @Override
    public void close() {
      // it belongs to the executor
    }
  }

  /** An engine of its own for one network, which loads while the first inputs are read. */
  private record Loading(DeviceName name, CompletableFuture<Loaded> loading) implements Engine {
    private record Loaded(TorchDevice device, StyleTransfer transfer) {}

    static Loading start(
        DeviceName name, int threads, TileSize tileSize, Supplier<NetworkWeights> weights) {
      return new Loading(
          name,
          CompletableFuture.supplyAsync(
              () -> {
                TorchDevice device = TorchDevice.open(name, threads);
                return new Loaded(device, StyleTransfer.open(device, weights.get(), tileSize));
              },
              work -> Threads.daemon("engine").newThread(work).start()));
    }

    @Override
    public String device() {
      return name.toString();
    }

    @Override
    public StyleTransfer network(Backbone backbone) {
      try {
        return loading.join().transfer();
      } catch (CompletionException e) {
        throw (CancellationException)
            new CancellationException("there is no engine").initCause(e.getCause());
      }
    }

    @Override
    public RuntimeException reason(CancellationException cancelled) {
      return loading.isCompletedExceptionally()
          ? Threads.rethrown(cancelled.getCause())
          : cancelled;
    }

    /** Waits for the engine, because a process may crash if it ends while libtorch is loaded. */
    @Override
    public void close() {
      loading
          .handle(
              (engine, fault) -> {
                if (engine != null) {
                  engine.transfer().close();
                  engine.device().close();
                }
                return true;
              })
          .join();
    }
  }

  /**
   * One image to make.
   *
   * @param outputUri where it is written
   */
  public record Item(TransferRequest request, String outputUri) {}

  /** Receives what happens to the images, on threads of the transfer. */
  public interface Observer {
    /**
     * Receives the losses of an iterate.
     *
     * @param share the share of the optimisation that is done, in [0, 1]
     */
    void computed(Item item, LossSample sample, double share);

    /** Receives the result of an image, in the order of the items. */
    void over(Item item, TransferResult result);
  }

  /**
   * Begins to load an engine, without Spark.
   *
   * @param network the network of all requests
   * @param threads the threads of one evaluation
   * @param longest the longest side of the images that are written, with the detail of their
   *     photos; empty for images as they are made
   */
  public LocalTransfer(
      RunConfig config,
      Networks networks,
      Network network,
      ObjectStore store,
      int threads,
      OptionalInt longest) {
    this(
        config,
        networks,
        store,
        Loading.start(
            config.device() == Setting.Device.CPU ? DeviceName.CPU : DeviceName.parse("gpu:0"),
            threads,
            new TileSize(config.integer(Setting.TILE_SIZE)),
            () -> network.weights(store)),
        "local",
        longest);
  }

  /**
   * Uses the engine of an executor, with any of these networks.
   *
   * @param executorId recorded in the images
   */
  public static LocalTransfer on(
      ExecutorEngine engine,
      String executorId,
      RunConfig config,
      Networks networks,
      ObjectStore store) {
    return new LocalTransfer(
        config, networks, store, new Shared(engine, networks), executorId, OptionalInt.empty());
  }

  private LocalTransfer(
      RunConfig config,
      Networks networks,
      ObjectStore store,
      Engine engine,
      String executorId,
      OptionalInt longest) {
    this.config = config;
    this.networks = networks;
    this.store = store;
    this.engine = engine;
    this.executorId = executorId;
    this.longest = longest;
    long maxBytes = config.whole(Setting.MAX_BYTES);
    this.sources =
        new Sources(store, new ImageDecoder(ImageLimits.of(config)), maxBytes, READ_AHEAD);
    this.styleNetworks = new NetworkSource(store, maxBytes);
  }

  /**
   * Reads and decodes styles before any photo, because a faulty style is a fault of all requests.
   *
   * @param problems receives the fault of each style
   */
  public void readStyles(List<String> uris, Problems problems) {
    for (String uri : uris) {
      try {
        sources.style(uri, new RowTimes());
      } catch (TransferException e) {
        problems.add("--style", "", e.getMessage());
      }
    }
  }

  /**
   * Makes all images. A failure of one is its result; the others are still made, unless the device
   * is lost.
   *
   * @param runId recorded in the images
   * @throws IllegalStateException if the engine cannot be loaded
   */
  public void run(String runId, List<Item> items, Observer observer) {
    List<PlannedRow> rows = new ArrayList<>();
    for (Item item : items) {
      rows.add(new PlannedRow(item.request(), key(item.request()), item.outputUri(), 0));
    }
    RowOrigin origin = new RowOrigin(runId, host(), executorId, 0, networks, engine.device());
    RowStages stages =
        new RowStages(
            new RowFetch(row -> Optional.empty(), sources, styleNetworks, longest.isPresent()),
            (row, inputs, times) -> optimized(row, inputs, times, observer),
            new RowStore(store, config.recordedSources()));
    RowPipeline.RowEnd end =
        (row, result, seconds) -> {
          if (result.failure().filter(f -> f.code() == ErrorCode.DEVICE_LOST).isPresent()) {
            deviceLost.set(true);
          }
          observer.over(item(row), result);
        };
    try {
      new RowPipeline(stages, READ_AHEAD, origin, end)
          .run(rows.iterator(), () -> !deviceLost.get());
    } catch (CancellationException e) {
      throw engine.reason(e);
    }
  }

  private String key(TransferRequest request) {
    return request.key(networks.get(request.hyperparameters().backbone()).identity());
  }

  private StylizedImage optimized(
      PlannedRow row, RowInputs.Inputs inputs, RowTimes times, Observer observer) {
    var h = row.request().hyperparameters();
    StyleTransfer transfer = engine.network(h.backbone());
    Pyramid scales = inputs.scales(h);
    StylizedImage made =
        times.time(
            RowTimes.Part.OPTIMIZE,
            () ->
                transfer.stylize(
                    inputs.images(),
                    inputs.network(),
                    h,
                    (sample, picture) ->
                        observer.computed(item(row), sample, scales.share(sample.iteration())),
                    Instant.now().plus(config.seconds(Setting.IMAGE_SECONDS))));
    return times.time(RowTimes.Part.ENCODE, () -> delivered(made, inputs.images().content()));
  }

  private StylizedImage delivered(StylizedImage made, Photo photo) {
    return longest.isEmpty()
        ? made
        : made.enlarged(DetailTransfer.enlarge(made.image(), photo.whole(), longest.getAsInt()));
  }

  private static Item item(PlannedRow row) {
    return new Item(row.request(), row.outputUri());
  }

  /** Whether the device has failed; the images after that were not made. */
  public boolean hasLostDevice() {
    return deviceLost.get();
  }

  /** The name of this machine, without a request to a name server. */
  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Closes an engine of its own; that of an executor stays open. */
  @Override
  public void close() {
    engine.close();
  }
}
