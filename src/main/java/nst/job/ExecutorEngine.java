package nst.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import nst.engine.DeviceName;
import nst.engine.NetworkWeights;
import nst.engine.StyleTransfer;
import nst.engine.TorchDevice;
import nst.model.ErrorCode;
import nst.model.Hyperparameters.Backbone;
import nst.model.TransferException;
import nst.storage.ObjectStore;

/** The engine of this process: one device, each network loaded once, shared by all its tasks. */
final class ExecutorEngine {
  /** More than any network here; a weights file beyond it is a mistake. */
  private static final long MAX_WEIGHTS_BYTES = 1L << 30;

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
    try {
      Path file = Files.createTempFile("nst-weights-", ".safetensors");
      try {
        Files.write(file, store.read(config.weightsPath(), MAX_WEIGHTS_BYTES));
        return StyleTransfer.open(
            device, NetworkWeights.load(file, config.weightsSha256(), backbone));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new TransferException(
          ErrorCode.IO_ERROR, "Cannot keep the weights of " + config.weightsPath() + ": " + e, e);
    }
  }
}
