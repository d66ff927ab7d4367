package nst.engine.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import nst.engine.network.Architecture.Convolution;

/** A convolution with its filters on the device. */
public record Filter(Convolution shape, NDArray weight, NDArray bias) {

  /** Maps (1, inChannels, height, width) to (1, outChannels, height / stride, width / stride). */
  NDArray apply(NDArray map) {
    int padding = shape.kernel() / 2;
    return JniUtils.convolution(
        (PtNDArray) map,
        (PtNDArray) weight,
        (PtNDArray) bias,
        new Shape(shape.stride(), shape.stride()),
        new Shape(padding, padding),
        new Shape(1, 1),
        shape.groups());
  }
}
