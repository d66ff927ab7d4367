package nst.engine.stylenetwork;

import nst.image.RgbImage;

/**
 * What one image adds to a training step.
 *
 * @param photo a crop, already of the size that is trained at
 * @param look which of the network's looks, from 0
 */
public record TrainingSample(RgbImage photo, int look) {}
