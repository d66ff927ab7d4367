package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import nst.engine.network.SafetensorsEncoder;
import nst.engine.network.SafetensorsFile;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Layer;

/**
 * A style network as a safetensors file: its parameters, its architecture and its recipe.
 *
 * @param looks the number of looks
 * @param recipe what it was trained on and how, as JSON
 * @param parameters by name, as {@link StyleNetwork} names them
 */
public record StyleNetworkFile(
    StyleNetworkArchitecture architecture,
    int looks,
    String recipe,
    SortedMap<String, Tensor> parameters) {
  /** Says that a safetensors file is a style network. */
  private static final String FORMAT = "nst-style-network-1";

  /** A file with more channels or blocks than this is damaged or hostile. */
  private static final int MOST = 1024;

  private static final String FORMAT_KEY = "format";
  private static final String WIDTH = "width";
  private static final String RESIDUAL_BLOCKS = "residual_blocks";
  private static final String CONVOLUTION = "convolution";
  private static final String LOOKS = "looks";
  private static final String RECIPE = "recipe";

  /** The file of a network as it is now. */
  public static StyleNetworkFile of(StyleNetwork network, String recipe) {
    return new StyleNetworkFile(network.architecture(), network.looks(), recipe, network.state());
  }

  /** The bytes of the file. */
  public byte[] encoded() {
    return SafetensorsEncoder.encoded(parameters, metadata());
  }

  SortedMap<String, String> metadata() {
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT_KEY, FORMAT);
    metadata.put(WIDTH, Integer.toString(architecture.width()));
    metadata.put(RESIDUAL_BLOCKS, Integer.toString(architecture.residualBlocks()));
    metadata.put(CONVOLUTION, architecture.convolution().name().toLowerCase(Locale.ROOT));
    metadata.put(LOOKS, Integer.toString(looks));
    metadata.put(RECIPE, recipe);
    return metadata;
  }

  /**
   * Reads a file and checks that every parameter is there, has its shape and is finite.
   *
   * @param name for messages
   * @throws IllegalArgumentException if the bytes are not a style network's file
   */
  public static StyleNetworkFile of(String name, byte[] bytes) {
    SafetensorsFile file = SafetensorsFile.of(name, bytes);
    if (!file.metadata(FORMAT_KEY).orElse("").equals(FORMAT)) {
      throw refused(
          name,
          "its metadata has the format "
              + file.metadata(FORMAT_KEY).orElse("none")
              + ", expected "
              + FORMAT);
    }
    StyleNetworkArchitecture architecture =
        new StyleNetworkArchitecture(
            number(file, name, WIDTH, 1),
            number(file, name, RESIDUAL_BLOCKS, 0),
            convolution(file, name));
    int looks = number(file, name, LOOKS, 1);
    SortedMap<String, Tensor> parameters = new TreeMap<>();
    for (Layer layer : architecture.layers()) {
      layer
          .parameterShapes(looks)
          .forEach(
              (parameter, shape) ->
                  parameters.put(parameter, tensor(file, name, parameter, shape)));
    }
    return new StyleNetworkFile(
        architecture, looks, file.metadata(RECIPE).orElse("{}"), parameters);
  }

  private static int number(SafetensorsFile file, String name, String key, int least) {
    String text = file.metadata(key).orElse("");
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < least
        || Integer.parseInt(text) > MOST) {
      throw refused(
          name,
          "its metadata has "
              + key
              + "="
              + text
              + ", expected a number from "
              + least
              + " to "
              + MOST);
    }
    return Integer.parseInt(text);
  }

  private static Convolution convolution(SafetensorsFile file, String name) {
    String text = file.metadata(CONVOLUTION).orElse("");
    for (Convolution convolution : Convolution.values()) {
      if (convolution.name().toLowerCase(Locale.ROOT).equals(text)) {
        return convolution;
      }
    }
    throw refused(name, "its metadata has convolution=" + text + ", expected full or separable");
  }

  static Tensor tensor(SafetensorsFile file, String name, String parameter, long[] shape) {
    if (!file.has(parameter)) {
      throw refused(name, "it has no tensor " + parameter);
    }
    try {
      Tensor tensor = file.tensor(parameter);
      if (!Arrays.equals(tensor.shape(), shape)) {
        throw refused(
            name,
            "tensor "
                + parameter
                + " has the shape "
                + Arrays.toString(tensor.shape())
                + ", expected "
                + Arrays.toString(shape));
      }
      return tensor;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of bytes in memory
    }
  }

  static IllegalArgumentException refused(String name, String reason) {
    return new IllegalArgumentException(
        "Invalid style network " + name + ": expected a file written by nst train, but " + reason);
  }

  /** The network on a device. */
  public StyleNetwork on(NDManager manager) {
    return StyleNetwork.of(manager, architecture, looks, parameters);
  }
}
