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

/**
 * Differentiable operations that DJL does not offer: casts (its {@code toType} cuts the graph, and
 * its bfloat16 aborts the JVM), channels-last layout, ReLU in place. They come from a TorchScript
 * module of two kilobytes, made by {@code src/tools/torchscript/tensor_operations.py}.
 */
final class TensorOperations {
  private static final String MODULE = "tensor-operations.pt";

  private final PtSymbolBlock module;

  private TensorOperations(PtSymbolBlock module) {
    this.module = module;
  }

  static TensorOperations load(NDManager manager) {
    try (InputStream in = TensorOperations.class.getResourceAsStream(MODULE)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks its resource nst/engine/" + MODULE);
      }
      return new TensorOperations(
          JniUtils.loadModule((PtNDManager) manager, in, manager.getDevice().isGpu(), false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  NDArray float32(NDArray x) {
    return run("float32", x);
  }

  NDArray bfloat16(NDArray x) {
    return run("bfloat16", x);
  }

  NDArray float16(NDArray x) {
    return run("float16", x);
  }

  /** The same values, a position's channels side by side in memory. */
  NDArray channelsLast(NDArray x) {
    return run("channels_last", x);
  }

  /** max(x, 0), written over x; the handle that was given is closed. */
  NDArray reluInPlace(NDArray x) {
    NDArray result = run("relu_in_place", x);
    x.close();
    return result;
  }

  /**
   * (1, channels, height, width) to (1, channels, height + 2, width + 2), border values repeated.
   */
  NDArray replicatedBorder(NDArray x) {
    return run("replicated_border", x);
  }

  private NDArray run(String operation, NDArray x) {
    // Not IValueUtils.runMethod, which is shorter and runs without recording gradients.
    NDArray method = x.getManager().create(0f);
    method.setName("module_method:" + operation);
    return IValueUtils.forward(module, new NDList(x, method), true).head();
  }
}
