package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import nst.engine.network.Arithmetic;
import nst.engine.network.ImageTensors;
import nst.engine.network.SafetensorsEncoder;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.engine.network.TensorOperations;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.knob.NetworkChoices.Precision;

/**
 * Writes style networks of two looks to a folder, and photos with the engine's pictures of them.
 * {@code src/tools/export_network/check.py} compares exported networks with these.
 *
 * <p>Usage: {@code java nst.engine.stylenetwork.WriteExportCases FOLDER}
 */
public final class WriteExportCases {
  /** The second is no multiple of 4, and the last has the smallest side. */
  private static final List<Size> SIZES =
      List.of(new Size(96, 64), new Size(53, 38), new Size(7, 5));

  private static final List<float[]> BLENDS =
      List.of(new float[] {1, 0}, new float[] {0, 1}, new float[] {0.25f, 0.75f});

  /** With larger logits, the pictures of an untrained network reach from black to white. */
  private static final float CONTRAST = 8;

  private WriteExportCases() {}

  /** Writes all cases. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        NDManager manager = device.manager().newSubManager()) {
      device.enter();
      Arithmetic arithmetic = new Arithmetic(Precision.FLOAT32, TensorOperations.load(manager));
      for (Convolution convolution : Convolution.values()) {
        String name = convolution.name().toLowerCase(Locale.ROOT);
        StyleNetworkFile file = file(convolution);
        Files.write(folder.resolve(name + ".safetensors"), file.encoded());
        try (StyleNetwork network = file.on(manager)) {
          Files.write(
              folder.resolve(name + "-pictures.safetensors"),
              SafetensorsEncoder.encoded(pictures(network, arithmetic), new TreeMap<>()));
        }
      }
    }
  }

  private static StyleNetworkFile file(Convolution convolution) {
    StyleNetworkFile file =
        TestNetworks.file(new StyleNetworkArchitecture(8, 2, convolution), 2, 5, "{}");
    float[] last = file.parameters().get("last.weight").values();
    for (int i = 0; i < last.length; i++) {
      last[i] *= CONTRAST;
    }
    return file;
  }

  /** The tensors SIZE/photo and SIZE/BLEND, with shares separated by commas. */
  private static SortedMap<String, Tensor> pictures(StyleNetwork network, Arithmetic arithmetic) {
    SortedMap<String, Tensor> pictures = new TreeMap<>();
    for (Size size : SIZES) {
      String name = size.width() + "x" + size.height();
      RgbImage photo = ImageTensors.noise(size, 3);
      pictures.put(name + "/photo", tensor(photo));
      for (float[] blend : BLENDS) {
        pictures.put(
            name + "/" + blend[0] + "," + blend[1],
            tensor(network.picture(photo, blend, arithmetic)));
      }
    }
    return pictures;
  }

  private static Tensor tensor(RgbImage image) {
    return new Tensor(new long[] {1, 3, image.height(), image.width()}, image.planes());
  }
}
