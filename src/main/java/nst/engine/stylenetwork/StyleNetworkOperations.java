package nst.engine.stylenetwork;

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
import java.util.List;

/**
 * A style network's forward pass and the optimiser's step over all its parameters, each one call
 * into libtorch. Both come from a TorchScript module that {@code
 * src/tools/torchscript/style_network.py} makes.
 */
final class StyleNetworkOperations {
  private static final String MODULE = "style-network.pt";

  private final PtSymbolBlock module;
  private final NDArray stylized; // tells DJL which method to run

  private StyleNetworkOperations(PtSymbolBlock module, NDArray stylized) {
    this.module = module;
    this.stylized = stylized;
  }

  static StyleNetworkOperations load(NDManager manager) {
    try (InputStream in = StyleNetworkOperations.class.getResourceAsStream(MODULE)) {
      if (in == null) {
        throw new IllegalStateException(
            "This build lacks its resource nst/engine/stylenetwork/" + MODULE);
      }
      NDArray tag = manager.create(0f);
      tag.setName("module_method:stylized");
      return new StyleNetworkOperations(
          JniUtils.loadModule((PtNDManager) manager, in, manager.getDevice().isGpu(), false), tag);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * From photos to logits of pixels; differentiable by the parameters.
   *
   * @param pixels (images, 3, height, width) in [0, 1], in the precision that is computed in
   * @param plan (layers, 4), see {@link StyleNetworkArchitecture#plan}
   * @param blend (looks)
   * @param parameters named {@code weights[]}, {@code scales[]}, {@code shifts[]}, so that DJL
   *     passes them as lists
   * @return of the same shape, in single precision
   */
  NDArray stylized(NDArray pixels, NDArray plan, NDArray blend, List<NDArray> parameters) {
    NDList arguments = new NDList(pixels, plan, blend);
    arguments.addAll(parameters);
    arguments.add(stylized);
    return IValueUtils.forward(module, arguments, true).head();
  }

  /**
   * A step, written over the parameters and the moments: of Muon (Jordan et al. 2024) for the
   * filters of all channels with more than 3 outputs, and of Adam (Kingma and Ba 2015, with the
   * order of computation at the end of section 2) for the other parameters. The gradients are zero
   * afterwards.
   *
   * @param gradients of the parameters, summed over the images
   * @param step from 1
   * @param learningRate of Adam; that of Muon is 20 times as large
   * @param images whose gradients were added up
   * @param mostNorm a longer gradient is scaled down to this norm
   * @return the norm of the mean gradient; if it is not finite, nothing was changed
   */
  double update(
      List<NDArray> parameters,
      List<NDArray> gradients,
      List<NDArray> first,
      List<NDArray> second,
      long step,
      double learningRate,
      long images,
      double mostNorm) {
    IValue[] arguments = {
      tensors(parameters),
      tensors(gradients),
      tensors(first),
      tensors(second),
      IValue.from(step),
      IValue.from(learningRate),
      IValue.from(images),
      IValue.from(mostNorm)
    };
    try (IValue norm = IValueUtils.runMethod(module, "update", arguments)) {
      return norm.toDouble();
    } finally {
      for (IValue argument : arguments) {
        argument.close();
      }
    }
  }

  private static IValue tensors(List<NDArray> tensors) {
    return IValue.listFrom(tensors.toArray(PtNDArray[]::new));
  }
}
