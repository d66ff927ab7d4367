package nst.job.executor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import nst.concurrent.Threads;
import nst.engine.StyleTransfer;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.job.network.ExecutionMode;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Backbone;
import nst.storage.ObjectStore;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of an executor process, shared by all its tasks: one device, with each network loaded
 * once. {@link StyleTransferPlugin} loads it when the executor starts.
 */
public final class ExecutorEngine {
  /** Spark's name for the GPU resource. */
  static final String GPU = "gpu";

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorEngine.class);

  private static Optional<ExecutorEngine> instance = Optional.empty();

  private final EngineConfig config;
  private final Optional<Hyperparameters> rows;
  private final List<String> addresses;
  private final TorchDevice device;
  private final ObjectStore store;
  private final Map<Network, StyleTransfer> networks = new HashMap<>();
  private final Consumer<String> onDeviceLost;
  private final Thread warmUp = Threads.daemon("engine-warm-up").newThread(this::warmUp);
  private volatile Optional<String> deviceFault = Optional.empty();

  private ExecutorEngine(
      EngineConfig config,
      Optional<Hyperparameters> rows,
      List<String> addresses,
      DeviceName device,
      ObjectStore store,
      Consumer<String> onDeviceLost) {
    this.config = config;
    this.rows = rows;
    this.onDeviceLost = onDeviceLost;
    this.addresses = addresses;
    this.device = TorchDevice.open(device, config.threads());
    this.store = store;
  }

  /**
   * Opens the device that Spark assigned to this process and loads the network onto it. Further
   * calls with the same arguments return the same engine.
   *
   * @param rows the rows for which the new engine is warmed up; empty for no warm-up
   * @param addresses the addresses of the resource {@link #GPU} that Spark assigned to this process
   * @param onDeviceLost receives the message if the device fails during the warm-up; called on
   *     another thread
   * @throws IllegalStateException if the device is absent, or an engine with other arguments exists
   */
  public static synchronized ExecutorEngine load(
      EngineConfig config,
      Optional<Hyperparameters> rows,
      List<String> addresses,
      ExecutionMode mode,
      ObjectStore store,
      Consumer<String> onDeviceLost) {
    if (instance.isEmpty()) {
      DeviceName device = device(config, addresses, mode);
      ExecutorEngine engine =
          new ExecutorEngine(config, rows, List.copyOf(addresses), device, store, onDeviceLost);
      engine.network(config.backbone());
      engine.warmUp.start(); // in parallel with planning in the driver
      instance = Optional.of(engine);
    }
    ExecutorEngine engine = instance.get();
    if (!engine.config.equals(config) || !engine.addresses.equals(addresses)) {
      throw new IllegalStateException(
          "expected one engine per process, was "
              + engine.config
              + " on "
              + engine.addresses
              + " and then "
              + config
              + " on "
              + addresses);
    }
    return engine;
  }

  /**
   * The engine of this process for a task of an application without {@link StyleTransferPlugin}:
   * the first such task opens the device. Networks are loaded when a row needs them, also those
   * that are not in the configuration of the first task.
   *
   * @param addresses the addresses of the resource {@link #GPU} that Spark assigned to the task
   * @param store where weights are read
   * @throws IllegalStateException if the device is absent or has failed, or the process has an
   *     engine on another device, or with other threads
   */
  public static synchronized ExecutorEngine shared(
      EngineConfig config, List<String> addresses, ExecutionMode mode, ObjectStore store) {
    if (instance.isEmpty()) {
      DeviceName device = device(config, addresses, mode);
      instance =
          Optional.of(
              new ExecutorEngine(
                  config, Optional.empty(), List.copyOf(addresses), device, store, words -> {}));
    }
    ExecutorEngine engine = instance.get();
    engine.requireDevice();
    if (!engine.config.isSameProcess(config) || !engine.addresses.containsAll(addresses)) {
      throw new IllegalStateException(
          "expected one engine per process, with "
              + engine.config.process()
              + " on "
              + engine.addresses
              + ", was one with "
              + config.process()
              + " on "
              + addresses
              + ": use the same values of device, threads and tile_size in one application");
    }
    return engine;
  }

  private void requireDevice() {
    deviceFault.ifPresent(
        words -> {
          throw new IllegalStateException(words);
        });
  }

  /**
   * The engine for a task of this process.
   *
   * @param resources the resources that Spark assigned to the task
   * @param networks the networks of the plan
   * @throws IllegalStateException if there is no engine, its device has failed, or it does not
   *     match the task
   */
  public static synchronized ExecutorEngine of(
      Map<String, ResourceInformation> resources, Networks networks) {
    ExecutorEngine engine =
        instance.orElseThrow(
            () ->
                new IllegalStateException(
                    "expected an engine in this process, was none: open the session with devices"));
    engine.requireDevice();
    List<String> given = addresses(resources);
    if (!engine.addresses.containsAll(given)) {
      throw new IllegalStateException(
          "expected a task on GPU " + engine.addresses + " of this executor, was " + given);
    }
    if (!engine.config.networks().equals(networks)) {
      throw new IllegalStateException(
          "expected the networks "
              + networks.identity()
              + ", was "
              + engine.config.networks().identity()
              + " in this executor");
    }
    return engine;
  }

  /** The GPU addresses that Spark assigned; empty if it assigned no GPU. */
  public static List<String> addresses(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(GPU);
    return gpus == null ? List.of() : List.of(gpus.addresses());
  }

  /** The GPU at Spark's address, or the CPU if that is configured. There is no fallback. */
  private static DeviceName device(
      EngineConfig config, List<String> addresses, ExecutionMode mode) {
    if (config.device() == Setting.Device.CPU) {
      return DeviceName.CPU;
    }
    if (mode == ExecutionMode.LOCAL) {
      return DeviceName.parse("gpu:0"); // Spark assigns no addresses in local mode
    }
    if (addresses.size() != 1) {
      throw new IllegalStateException(
          "expected one GPU address from Spark, was "
              + addresses
              + "; set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount to 1, see"
              + " conf/spark-gpu.conf");
    }
    try {
      return DeviceName.parse("gpu:" + addresses.get(0));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "expected a GPU's number as its address, was "
              + addresses.get(0)
              + ": the discovery script must print indices",
          e);
    }
  }

  private void warmUp() {
    try {
      rows.ifPresent(network(config.backbone())::warmUp);
    } catch (RuntimeException e) {
      if (e instanceof TransferException fault && fault.code() == ErrorCode.DEVICE_LOST) {
        String words = "In the warm-up: " + e.getMessage();
        LOG.error(words, e);
        deviceFault = Optional.of(words);
        onDeviceLost.accept(words);
      } else {
        LOG.warn("The warm-up of the engine failed; rows may fail as well", e);
      }
    }
  }

  /** Waits for the warm-up thread to end. */
  static void settle() throws InterruptedException {
    Optional<ExecutorEngine> loaded;
    synchronized (ExecutorEngine.class) {
      loaded = instance;
    }
    if (loaded.isPresent()) {
      loaded.get().warmUp.join();
    }
  }

  public String deviceName() {
    return device.name().toString();
  }

  public boolean isOnCpu() {
    return device.name().kind() == DeviceName.Kind.CPU;
  }

  List<String> addresses() {
    return addresses;
  }

  /** A network of the configuration with its weights, loaded on the first call. */
  public StyleTransfer network(Backbone backbone) {
    return network(config.networks().get(backbone));
  }

  /** A network with its weights, loaded on the first call. */
  public synchronized StyleTransfer network(Network network) {
    return networks.computeIfAbsent(network, this::load);
  }

  private StyleTransfer load(Network network) {
    return StyleTransfer.open(device, network.weights(store), config.tileSize());
  }
}
