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

/** A training on an engine's device. */
final class DeviceTraining implements NetworkTraining {
  private final StyleNetwork network;
  private final StyleNetworkTrainer trainer;

  DeviceTraining(StyleNetwork network, StyleNetworkTrainer trainer) {
    this.network = network;
    this.trainer = trainer;
  }

  @Override
  public StyleNetworkTrainer.Step step(List<TrainingSample> samples, double learningRate) {
    return onDevice(() -> trainer.step(samples, learningRate));
  }

  @Override
  public List<LossTerms> losses(List<TrainingSample> samples) {
    return onDevice(() -> trainer.losses(samples));
  }

  @Override
  public RgbImage picture(TrainingSample sample) {
    return onDevice(() -> trainer.picture(sample));
  }

  @Override
  public TrainingCheckpoint checkpoint(String recipe) {
    return onDevice(() -> trainer.checkpoint(recipe));
  }

  @Override
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
