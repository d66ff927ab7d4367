package nst.engine;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.function.Supplier;
import nst.engine.objective.LossTerms;
import nst.engine.stylenetwork.StyleNetwork;
import nst.engine.stylenetwork.StyleNetworkTrainer;
import nst.engine.stylenetwork.TrainingCheckpoint;
import nst.engine.stylenetwork.TrainingSample;
import nst.engine.torch.EngineFault;
import nst.image.RgbImage;

/**
 * A style network in training on an engine's device; used by one thread. All methods throw {@link
 * nst.model.TransferException} OUT_OF_MEMORY or DEVICE_LOST if the device fails, and {@link
 * java.util.concurrent.CancellationException} if the JVM is ending.
 */
public final class NetworkTraining implements AutoCloseable {
  private final StyleNetwork network;
  private final StyleNetworkTrainer trainer;

  NetworkTraining(StyleNetwork network, StyleNetworkTrainer trainer) {
    this.network = network;
    this.trainer = trainer;
  }

  /** One step of Adam; see {@link StyleNetworkTrainer#step}. */
  public StyleNetworkTrainer.Step step(List<TrainingSample> samples, double learningRate) {
    return onDevice(() -> trainer.step(samples, learningRate));
  }

  /** The terms of the network's picture of a sample. */
  public LossTerms losses(TrainingSample sample) {
    return onDevice(() -> trainer.losses(sample));
  }

  /** The network's picture of a sample. */
  public RgbImage picture(TrainingSample sample) {
    return onDevice(() -> trainer.picture(sample));
  }

  /**
   * The training as it is now.
   *
   * @param recipe text that the file carries
   */
  public TrainingCheckpoint checkpoint(String recipe) {
    return onDevice(() -> trainer.checkpoint(recipe));
  }

  /** The number of steps so far. */
  public long steps() {
    return trainer.steps();
  }

  private static <T> T onDevice(Supplier<T> work) {
    RunningImages.begin();
    try {
      return work.get();
    } catch (EngineException e) {
      throw EngineFault.of(e);
    } finally {
      RunningImages.done();
    }
  }

  @Override
  public void close() {
    trainer.close();
    network.close();
  }
}
