package nst.engine.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nst.model.knob.NetworkChoices.Padding;
import nst.model.knob.NetworkChoices.Pooling;

/**
 * Operations that DJL does not offer: casts ({@code toType} detaches from the graph, and bfloat16
 * aborts the JVM), channels-last layout, a convolution with its ReLU, and the gradients of the
 * single operations of a VGG. They are in a small TorchScript module, made by {@code
 * src/tools/torchscript/tensor_operations.py}, which documents each. Every result is a new tensor
 * unless stated otherwise.
 */
public final class TensorOperations {
  private static final String MODULE = "tensor-operations.pt";

  /** The module's methods. */
  private enum Method {
    FLOAT32,
    BFLOAT16,
    FLOAT16,
    CHANNELS_LAST,
    RUN,
    RUN_BACK,
    EVALUATE,
    GRAM,
    THROUGH_GRAM;

    String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final PtSymbolBlock module;

  /** The name of the additional argument that tells DJL which method to run. */
  private final Map<Method, NDArray> tags = new EnumMap<>(Method.class);

  /** The flags of all calls; as arguments they are not closed. */
  private final IValue yes = IValue.from(true);

  private final IValue no = IValue.from(false);

  private TensorOperations(PtSymbolBlock module, NDManager manager) {
    this.module = module;
    for (Method method : Method.values()) {
      NDArray tag = manager.create(0f);
      tag.setName("module_method:" + method.title());
      tags.put(method, tag);
    }
  }

  public static TensorOperations load(NDManager manager) {
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

  /** The same values in channels-last layout. */
  public NDArray channelsLast(NDArray x) {
    return run(Method.CHANNELS_LAST, x);
  }

  /**
   * Runs some steps of a VGG; not differentiable.
   *
   * @param x (images, channels, height, width)
   * @param filters the filters of the convolutions in these steps
   * @param kept the steps whose results are returned
   * @return the results of these steps, in order
   */
  List<NDArray> run(
      NDArray x,
      List<VggStep> steps,
      List<Filter> filters,
      Predicate<VggStep> kept,
      Pooling pooling,
      Padding padding) {
    boolean[] keeps = new boolean[steps.size()];
    for (int i = 0; i < keeps.length; i++) {
      keeps[i] = kept.test(steps.get(i));
    }
    try (IValue results =
        call(
            Method.RUN,
            IValue.from((PtNDArray) x),
            codes(steps),
            tensors(filters.stream().map(Filter::weight)),
            tensors(filters.stream().map(Filter::bias)),
            IValue.listFrom(keeps),
            flag(padding == Padding.REPLICATE),
            flag(pooling == Pooling.MAX))) {
      return List.of(results.toTensorArray((PtNDManager) x.getManager()));
    }
  }

  /**
   * Computes the gradient through some steps of a VGG.
   *
   * @param gradient with respect to the result of the last step; closed
   * @param filters the filters of the convolutions in these steps
   * @param seen for each step, the result of its ReLU or the input of its pooling (for average
   *     pooling, only the shape is used). Each is closed after its step
   * @return the gradient with respect to the input of the first step
   */
  NDArray runBack(
      NDArray gradient,
      List<VggStep> steps,
      List<Filter> filters,
      List<NDArray> seen,
      Pooling pooling,
      Padding padding) {
    NDManager manager = gradient.getManager();
    IValue byResult = tensors(Stream.of(gradient));
    IValue seenTensors = tensors(seen.stream());
    gradient.close();
    seen.forEach(NDArray::close);
    try (IValue result =
        call(
            Method.RUN_BACK,
            byResult,
            codes(steps),
            tensors(filters.stream().map(Filter::weight)),
            seenTensors,
            flag(padding == Padding.REPLICATE),
            flag(pooling == Pooling.MAX))) {
      return result.toTensor((PtNDManager) manager);
    }
  }

  private IValue flag(boolean value) {
    return value ? yes : no;
  }

  /** The steps as the module numbers them, an argument of {@link #evaluate}. */
  public static IValue codes(List<VggStep> steps) {
    return IValue.listFrom(steps.stream().mapToLong(step -> step.kind().code()).toArray());
  }

  /** A list of tensors, an argument of {@link #evaluate}. */
  public static IValue tensors(Stream<NDArray> tensors) {
    return IValue.listFrom(tensors.toArray(PtNDArray[]::new));
  }

  /**
   * The products of channels summed over all positions, in at least single precision.
   *
   * @param counted x with each position multiplied by its share, (1, N, height, width)
   * @param x (1, N, height, width)
   * @param divisor the divisor of the sums
   * @param centered whether the product of the means is subtracted
   * @return (N, N), symmetric; if centred, also the means, (1, N)
   */
  public List<NDArray> gram(NDArray counted, NDArray x, double divisor, boolean centered) {
    try (IValue results =
        call(
            Method.GRAM,
            IValue.from((PtNDArray) counted),
            IValue.from((PtNDArray) x),
            IValue.from(divisor),
            flag(centered))) {
      return List.of(results.toTensorArray((PtNDManager) x.getManager()));
    }
  }

  /**
   * At each position, the channels of the map minus a mean, multiplied by a symmetric matrix. The
   * result has the map's shape and precision.
   *
   * @param x (1, N, height, width)
   * @param matrix (N, N), in at least single precision
   * @param mean (1, N), in the precision of the matrix
   */
  public NDArray throughGram(NDArray x, NDArray matrix, NDArray mean) {
    return run(Method.THROUGH_GRAM, x, matrix, mean);
  }

  private NDArray run(Method method, NDArray... arguments) {
    NDList list = new NDList(arguments);
    list.add(tags.get(method));
    // Not IValueUtils.runMethod, which does not record gradients.
    return IValueUtils.forward(module, list, true).head();
  }

  /**
   * Evaluates the objectives of images of one shape and their gradients in one call.
   *
   * @param variables (1, 3, height, width) each
   * @param gradients of the same shape; overwritten
   * @param styleFactors the factor of each style of each layer, image after image; not closed
   * @param others the other arguments of {@code evaluate}, in its order; not closed
   * @return for each image, the values of the terms in the order of the steps, and the squared norm
   *     of the gradient
   */
  public double[] evaluate(
      Stream<NDArray> variables, Stream<NDArray> gradients, IValue styleFactors, IValue... others) {
    IValue[] arguments = new IValue[others.length + 3];
    System.arraycopy(others, 0, arguments, 3, others.length);
    arguments[2] = styleFactors;
    try (IValue xs = tensors(variables);
        IValue byXs = tensors(gradients)) {
      arguments[0] = xs;
      arguments[1] = byXs;
      try (IValue values = IValueUtils.runMethod(module, Method.EVALUATE.title(), arguments)) {
        return values.toDoubleArray();
      }
    }
  }

  /**
   * For arguments that are not tensors; closes them, except flags. The results are in libtorch's
   * inference mode: they can be read but not overwritten, and a graph cannot keep them.
   */
  private IValue call(Method method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(module, method.title(), arguments);
    } finally {
      for (IValue argument : arguments) {
        if (argument != yes && argument != no) {
          argument.close();
        }
      }
    }
  }
}
