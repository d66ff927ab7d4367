package nst.engine.stylenetwork;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import nst.engine.network.Arithmetic;
import nst.engine.network.ImageTensors;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.engine.objective.Parametrization;
import nst.engine.stylenetwork.StyleNetworkArchitecture.After;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Layer;
import nst.image.RgbImage;

/**
 * A network that turns a photo into a picture in one pass (Johnson, Alahi and Fei-Fei 2016). It
 * holds one or several looks: a look is a painting, or a blend of some. Looks share all
 * convolutions; each has its own scales and shifts of the instance normalisation (Dumoulin, Shlens
 * and Kudlur 2017), and between looks they are interpolated.
 *
 * <p>Its output is a logit of pixels, the coordinates of {@code bounds=sigmoid}, so that every
 * output can be saved.
 */
public final class StyleNetwork implements AutoCloseable {
  /** What the output of the network is a variable of. */
  static final Parametrization COORDINATES = new Parametrization.Sigmoid();

  private final StyleNetworkArchitecture architecture;
  private final int looks;
  private final StyleNetworkOperations operations;
  private final NDManager manager; // owns the parameters
  private final NDArray plan;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> scales = new ArrayList<>(); // (looks, channels) each
  private final List<NDArray> shifts = new ArrayList<>();

  private StyleNetwork(
      NDManager parent,
      StyleNetworkArchitecture architecture,
      int looks,
      Map<String, Tensor> parameters) {
    this.manager = parent.newSubManager();
    this.architecture = architecture;
    this.looks = looks;
    this.operations = StyleNetworkOperations.load(manager);
    List<Layer> layers = architecture.layers();
    try (NDArray borrowed = manager.create(architecture.plan(), new Shape(layers.size(), 4))) {
      this.plan = borrowed.duplicate();
    }
    for (Layer layer : layers) {
      weights.add(parameter("weights[]", parameters.get(layer.name() + Layer.WEIGHT)));
      if (layer.isNormalized()) {
        scales.add(parameter("scales[]", parameters.get(layer.name() + Layer.SCALE)));
      }
      if (layer.after() != After.NOTHING) {
        shifts.add(parameter("shifts[]", parameters.get(layer.name() + Layer.SHIFT)));
      }
    }
  }

  private NDArray parameter(String list, Tensor tensor) {
    try (NDArray borrowed = manager.create(tensor.values(), new Shape(tensor.shape()))) {
      NDArray owned = borrowed.duplicate();
      owned.setName(list);
      return owned;
    }
  }

  /** A network that was not trained yet: uniform weights (He et al. 2015), plain normalisation. */
  public static StyleNetwork untrained(
      NDManager manager, StyleNetworkArchitecture architecture, int looks, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> parameters = new TreeMap<>();
    for (Layer layer : architecture.layers()) {
      double bound = 1 / Math.sqrt(layer.fanIn());
      layer
          .parameterShapes(looks)
          .forEach(
              (name, shape) -> {
                float[] values =
                    new float[Math.toIntExact(LongStream.of(shape).reduce(1, (a, b) -> a * b))];
                for (int i = 0; i < values.length; i++) {
                  values[i] =
                      name.endsWith(Layer.WEIGHT)
                          ? (float) ((2 * random.nextDouble() - 1) * bound)
                          : name.endsWith(Layer.SCALE) ? 1 : 0;
                }
                parameters.put(name, new Tensor(shape, values));
              });
    }
    return new StyleNetwork(manager, architecture, looks, parameters);
  }

  /** The network of given parameters, all of which are there. */
  static StyleNetwork of(
      NDManager manager,
      StyleNetworkArchitecture architecture,
      int looks,
      Map<String, Tensor> parameters) {
    return new StyleNetwork(manager, architecture, looks, parameters);
  }

  public StyleNetworkArchitecture architecture() {
    return architecture;
  }

  /** The number of looks. */
  public int looks() {
    return looks;
  }

  /**
   * Photos to logits of pixels.
   *
   * @param pixels (images, 3, height, width) in [0, 1], channels last, in the precision that is
   *     computed in
   * @param blend how much of each look; shares of the sum 1 give a picture between the looks
   * @return (images, 3, height, width) in single precision
   */
  public NDArray forward(NDArray pixels, float[] blend) {
    return forward(pixels, blend, parameters());
  }

  /**
   * The same with other parameters; differentiable by them while gradients are recorded.
   *
   * @param parameters as {@link #parameters} returns them
   */
  NDArray forward(NDArray pixels, float[] blend, List<NDArray> parameters) {
    if (blend.length != looks) {
      throw new IllegalArgumentException(
          "expected " + looks + " shares, one for each look, was " + blend.length);
    }
    try (NDArray borrowed = pixels.getManager().create(blend)) {
      return operations.stylized(pixels, plan, borrowed.duplicate(), parameters);
    }
  }

  /**
   * The network's picture of a photo, of the same size.
   *
   * @param blend how much of each look
   */
  public RgbImage picture(RgbImage photo, float[] blend, Arithmetic arithmetic) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logits = forward(arithmetic.enter(arithmetic.pixels(manager, photo)), blend);
      return ImageTensors.image(Parametrization.clamped(COORDINATES.toPixels(logits)));
    }
  }

  /** All parameters in a fixed order. */
  List<NDArray> parameters() {
    List<NDArray> all = new ArrayList<>(weights);
    all.addAll(scales);
    all.addAll(shifts);
    return all;
  }

  StyleNetworkOperations operations() {
    return operations;
  }

  NDManager manager() {
    return manager;
  }

  /** The names of {@link #parameters}, in the same order. */
  List<String> names() {
    List<Layer> layers = architecture.layers();
    List<String> names = new ArrayList<>();
    for (String kind : List.of(Layer.WEIGHT, Layer.SCALE, Layer.SHIFT)) {
      for (Layer layer : layers) {
        if (layer.parameterShapes(looks).containsKey(layer.name() + kind)) {
          names.add(layer.name() + kind);
        }
      }
    }
    return names;
  }

  /** The parameters by name, as {@link #of} takes them. */
  SortedMap<String, Tensor> state() {
    SortedMap<String, Tensor> state = new TreeMap<>();
    List<String> names = names();
    List<NDArray> parameters = parameters();
    for (int i = 0; i < names.size(); i++) {
      state.put(names.get(i), read(parameters.get(i)));
    }
    return state;
  }

  static Tensor read(NDArray array) {
    try (NDArray copy = array.stopGradient().toType(DataType.FLOAT32, true)) {
      return new Tensor(array.getShape().getShape(), copy.toFloatArray());
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
