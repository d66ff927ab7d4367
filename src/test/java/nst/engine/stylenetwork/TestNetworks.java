package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.util.Random;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;

/** Style networks that nobody trained, whose looks differ. */
public final class TestNetworks {
  private TestNetworks() {}

  public static StyleNetworkFile file(int looks, long seed, String recipe) {
    return file(new StyleNetworkArchitecture(4, 1, Convolution.SEPARABLE), looks, seed, recipe);
  }

  static StyleNetworkFile file(
      StyleNetworkArchitecture architecture, int looks, long seed, String recipe) {
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        NDManager manager = device.manager().newSubManager();
        StyleNetwork network = StyleNetwork.untrained(manager, architecture, looks, seed)) {
      StyleNetworkFile file = StyleNetworkFile.of(network, recipe);
      Random random = new Random(seed);
      file.parameters()
          .forEach(
              (name, tensor) -> {
                for (int i = 0; i < tensor.values().length && !name.endsWith(".weight"); i++) {
                  tensor.values()[i] += (float) (random.nextDouble() - 0.5);
                }
              });
      return file;
    }
  }
}
