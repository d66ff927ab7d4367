package nst.job.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import nst.concurrent.Threads;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.sizing.Pyramid;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
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
import nst.storage.ObjectStore;

/**
 * Stylises images in this process, one after another, with the stages of a task but without Spark.
 * All requests use the same network. The engine loads in the background, while the first inputs are
 * read.
 */
public final class LocalTransfer implements AutoCloseable {
  private final RunConfig config;
  private final Networks networks;
  private final Network network;
  private final ObjectStore store;
  private final int threads;
  private final Sources sources;
  private final NetworkSource styleNetworks;
  private final CompletableFuture<Engine> loading;
  private final AtomicBoolean deviceLost = new AtomicBoolean();

  private record Engine(TorchDevice device, StyleTransfer transfer) {}

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
   * Begins to load the engine.
   *
   * @param network the network of all requests
   * @param threads the threads of one evaluation
   */
  public LocalTransfer(
      RunConfig config, Networks networks, Network network, ObjectStore store, int threads) {
    this.config = config;
    this.networks = networks;
    this.network = network;
    this.store = store;
    this.threads = threads;
    long maxBytes = config.whole(Setting.MAX_BYTES);
    this.sources = new Sources(store, new ImageDecoder(ImageLimits.of(config)), maxBytes);
    this.styleNetworks = new NetworkSource(store, maxBytes);
    this.loading =
        CompletableFuture.supplyAsync(
            this::load, work -> Threads.daemon("engine").newThread(work).start());
  }

  private Engine load() {
    TorchDevice device = TorchDevice.open(device(), threads);
    return new Engine(device, StyleTransfer.open(device, network.weights(store)));
  }

  private DeviceName device() {
    return config.device() == Setting.Device.CPU ? DeviceName.CPU : DeviceName.parse("gpu:0");
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
      rows.add(
          new PlannedRow(
              item.request(), item.request().key(network.identity()), item.outputUri(), 0));
    }
    RowOrigin origin = new RowOrigin(runId, host(), "local", 0, networks, device().toString());
    RowStages stages =
        new RowStages(
            new RowFetch(row -> Optional.empty(), sources, styleNetworks),
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
      new RowPipeline(stages, origin, end).run(rows.iterator(), () -> !deviceLost.get());
    } catch (CancellationException e) {
      if (loading.isCompletedExceptionally()) {
        throw Threads.rethrown(e.getCause());
      }
      throw e;
    }
  }

  private StylizedImage optimized(
      PlannedRow row, RowInputs.Inputs inputs, RowTimes times, Observer observer) {
    StyleTransfer transfer = engine().transfer();
    var h = row.request().hyperparameters();
    Pyramid scales = inputs.scales(h);
    return times.time(
        RowTimes.Part.OPTIMIZE,
        () ->
            transfer.stylize(
                inputs.images(),
                inputs.network(),
                h,
                (sample, picture) ->
                    observer.computed(item(row), sample, scales.share(sample.iteration())),
                Instant.now().plus(config.seconds(Setting.IMAGE_SECONDS))));
  }

  private static Item item(PlannedRow row) {
    return new Item(row.request(), row.outputUri());
  }

  /** The engine, when it is loaded. An engine that cannot be loaded cancels all requests. */
  private Engine engine() {
    try {
      return loading.join();
    } catch (CompletionException e) {
      throw (CancellationException)
          new CancellationException("there is no engine").initCause(e.getCause());
    }
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
