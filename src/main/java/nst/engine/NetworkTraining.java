package nst.engine;

import java.util.List;
import nst.engine.objective.LossTerms;
import nst.engine.stylenetwork.StyleNetworkTrainer;
import nst.engine.stylenetwork.TrainingCheckpoint;
import nst.engine.stylenetwork.TrainingSample;
import nst.image.RgbImage;

/**
 * A style network in training; used by one thread. All methods throw {@link
 * nst.model.TransferException} OUT_OF_MEMORY or DEVICE_LOST if the device fails, and {@link
 * java.util.concurrent.CancellationException} if the JVM is ending.
 */
public interface NetworkTraining extends AutoCloseable {
  /** One step of the optimiser; see {@link StyleNetworkTrainer#step}. */
  StyleNetworkTrainer.Step step(List<TrainingSample> samples, double learningRate);

  /** The terms of the network's pictures of samples, in their order. */
  List<LossTerms> losses(List<TrainingSample> samples);

  /** The network's picture of a sample. */
  RgbImage picture(TrainingSample sample);

  /**
   * The training as it is now.
   *
   * @param recipe text that the file carries
   */
  TrainingCheckpoint checkpoint(String recipe);

  /** The number of steps so far. */
  long steps();

  @Override
  void close();
}
