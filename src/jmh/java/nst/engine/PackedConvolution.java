package nst.engine;

import ai.djl.ndarray.NDArray;
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
import java.util.stream.Stream;

/**
 * A 3x3 convolution whose filters are in oneDNN's own layout. With filters in PyTorch's layout,
 * oneDNN converts them in every call. {@code src/tools/torchscript/packed_convolution.py} makes the
 * TorchScript module.
 */
final class PackedConvolution {
  private static final String MODULE = "packed-convolution.pt";

  private final PtNDManager manager;
  private final PtSymbolBlock module;

  PackedConvolution(NDManager manager) {
    this.manager = (PtNDManager) manager;
    try (InputStream in = PackedConvolution.class.getResourceAsStream(MODULE)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks its resource nst/engine/" + MODULE);
      }
      this.module = JniUtils.loadModule(this.manager, in, false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The filters for inputs like x. */
  NDArray packed(NDArray weight, NDArray x) {
    return run("pack", weight, x);
  }

  /** The filters that compute the gradient with respect to the input from gradients like this. */
  NDArray packedBackward(NDArray weight, NDArray gradient) {
    return run("pack_backward", weight, gradient);
  }

  /** The convolution of a map, (1, channels, height, width), with packed filters. */
  NDArray convolved(NDArray x, NDArray packed) {
    return run("convolve", x, packed);
  }

  private NDArray run(String method, NDArray... arguments) {
    IValue[] values =
        Stream.of(arguments)
            .map(argument -> IValue.from((PtNDArray) argument))
            .toArray(IValue[]::new);
    try (IValue result = IValueUtils.runMethod(module, method, values)) {
      return result.toTensor(manager);
    } finally {
      Stream.of(values).forEach(IValue::close);
    }
  }
}
