package nst.job;

import java.util.EnumMap;
import java.util.Map;
import nst.engine.DeviceName;
import nst.engine.NetworkWeights;
import nst.engine.StyleTransfer;
import nst.engine.TorchDevice;
import nst.model.Hyperparameters.Backbone;
import nst.storage.ObjectStore;

/** The engine of this process: one device, each network loaded once, shared by all its tasks. */
final class ExecutorEngine {
  private static ExecutorEngine instance;

  private final EngineConfig config;
  private final TorchDevice device;
  private final ObjectStore store;
  private final Map<Backbone, StyleTransfer> networks = new EnumMap<>(Backbone.class);

  private ExecutorEngine(EngineConfig config, DeviceName device, ObjectStore store) {
    this.config = config;
    this.device = TorchDevice.open(device, config.threads());
    this.store = store;
  }

  /**
   * The engine of this process, made by whoever asks first.
   *
   * @param device the device that Spark gave this process
   * @throws IllegalStateException where the device is absent or another was taken before
   */
  static synchronized ExecutorEngine of(EngineConfig config, DeviceName device, ObjectStore store) {
    if (instance == null) {
      instance = new ExecutorEngine(config, device, store);
    }
    if (!instance.device.name().equals(device)) {
      throw new IllegalStateException(
          "expected one device a process, was " + instance.device.name() + " and then " + device);
    }
    return instance;
  }

  String deviceName() {
    return device.name().toString();
  }

  /** The network, with its weights; loaded at the first call. */
  synchronized StyleTransfer network(Backbone backbone) {
    return networks.computeIfAbsent(backbone, this::load);
  }

  private StyleTransfer load(Backbone backbone) {
    if (config.weightsPath().isEmpty()) {
      return StyleTransfer.open(device, NetworkWeights.seeded(backbone));
    }
    return StyleTransfer.open(
        device, WeightsFile.open(config.weightsPath(), config.weightsSha256(), backbone, store));
  }
}
