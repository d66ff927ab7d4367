package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import nst.model.Hyperparameters.Padding;

/**
 * Operations that DJL does not offer: casts (its {@code toType} cuts the graph, and its bfloat16
 * aborts the JVM), channels-last layout, a convolution with its ReLU, and the gradients of a VGG's
 * operations one by one. They come from a small TorchScript module, made by {@code
 * src/tools/torchscript/tensor_operations.py}, which says what each does. Every result is a new
 * tensor unless said otherwise.
 */
final class TensorOperations {
  private static final String MODULE = "tensor-operations.pt";

  /** The module's methods. */
  private enum Method {
    FLOAT32,
    BFLOAT16,
    FLOAT16,
    CHANNELS_LAST,
    CONVOLVED_ZEROS,
    CONVOLVED_REPLICATE,
    ACTIVATED_ZEROS,
    ACTIVATED_REPLICATE,
    THROUGH_FILTERS_ZEROS,
    THROUGH_FILTERS_REPLICATE,
    THROUGH_RELU,
    THROUGH_AVERAGE_POOLING,
    THROUGH_MAX_POOLING,
    PRODUCTS,
    ROW_SUMS,
    THROUGH_PRODUCTS
  }

  private final PtSymbolBlock module;

  /** How DJL is told which method to run: by the name of one more argument. */
  private final Map<Method, NDArray> tags = new EnumMap<>(Method.class);

  private TensorOperations(PtSymbolBlock module, NDManager manager) {
    this.module = module;
    for (Method method : Method.values()) {
      NDArray tag = manager.create(0f);
      tag.setName("module_method:" + method.name().toLowerCase(Locale.ROOT));
      tags.put(method, tag);
    }
  }

  static TensorOperations load(NDManager manager) {
    try (InputStream in = TensorOperations.class.getResourceAsStream(MODULE)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks its resource nst/engine/" + MODULE);
      }
      return new TensorOperations(
          JniUtils.loadModule((PtNDManager) manager, in, manager.getDevice().isGpu(), false),
          manager);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  NDArray float32(NDArray x) {
    return run(Method.FLOAT32, x);
  }

  NDArray bfloat16(NDArray x) {
    return run(Method.BFLOAT16, x);
  }

  NDArray float16(NDArray x) {
    return run(Method.FLOAT16, x);
  }

  /** The same values, a position's channels side by side in memory. */
  NDArray channelsLast(NDArray x) {
    return run(Method.CHANNELS_LAST, x);
  }

  /** A 3x3 convolution of stride 1; (1, in, height, width) to (1, out, height, width). */
  NDArray convolved(NDArray x, NDArray weight, NDArray bias, Padding padding) {
    return switch (padding) {
      case ZEROS -> run(Method.CONVOLVED_ZEROS, x, weight, bias);
      case REPLICATE -> run(Method.CONVOLVED_REPLICATE, x, weight, bias);
    };
  }

  /** The ReLU of {@link #convolved}; not differentiable. */
  NDArray activated(NDArray x, NDArray weight, NDArray bias, Padding padding) {
    return switch (padding) {
      case ZEROS -> run(Method.ACTIVATED_ZEROS, x, weight, bias);
      case REPLICATE -> run(Method.ACTIVATED_REPLICATE, x, weight, bias);
    };
  }

  /**
   * The gradient by what was convolved, (1, in, height, width).
   *
   * @param gradient by {@link #convolved}'s result, (1, out, height, width)
   */
  NDArray throughFilters(NDArray gradient, NDArray weight, Padding padding) {
    return switch (padding) {
      case ZEROS -> run(Method.THROUGH_FILTERS_ZEROS, gradient, weight);
      case REPLICATE -> run(Method.THROUGH_FILTERS_REPLICATE, gradient, weight);
    };
  }

  /**
   * The gradient by a ReLU's input; may be written over the given gradient.
   *
   * @param activated the ReLU's result, of the gradient's shape
   */
  NDArray throughRelu(NDArray gradient, NDArray activated) {
    return run(Method.THROUGH_RELU, gradient, activated);
  }

  /**
   * The gradient by a 2x2 average pooling's input.
   *
   * @param gradient by the pooled map
   * @param pooledFrom that input: of it only the shape counts
   */
  NDArray throughAveragePooling(NDArray gradient, NDArray pooledFrom) {
    return run(Method.THROUGH_AVERAGE_POOLING, gradient, pooledFrom);
  }

  /** The gradient by a 2x2 maximum pooling's input, {@code pooledFrom}. */
  NDArray throughMaxPooling(NDArray gradient, NDArray pooledFrom) {
    return run(Method.THROUGH_MAX_POOLING, gradient, pooledFrom);
  }

  /**
   * Products of channels summed over all positions, in no less than single precision whatever the
   * maps are in: (N, N).
   *
   * @param x (1, N, height, width)
   * @param y of the same shape
   */
  NDArray products(NDArray x, NDArray y) {
    return run(Method.PRODUCTS, x, y);
  }

  /** Each channel's sum over all positions, in no less than single precision: (1, N). */
  NDArray rowSums(NDArray x) {
    return run(Method.ROW_SUMS, x);
  }

  /**
   * At each position the map's channels times a symmetric matrix, plus a row; of the map's shape.
   *
   * @param x (1, N, height, width)
   * @param matrix (N, N), in the map's precision
   * @param row (1, N), in the map's precision
   */
  NDArray throughProducts(NDArray x, NDArray matrix, NDArray row) {
    return run(Method.THROUGH_PRODUCTS, x, matrix, row);
  }

  private NDArray run(Method method, NDArray... arguments) {
    NDList list = new NDList(arguments);
    list.add(tags.get(method));
    // Not IValueUtils.runMethod, which is shorter and runs without recording gradients.
    return IValueUtils.forward(module, list, true).head();
  }
}
