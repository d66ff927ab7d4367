package nst.job.train;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import nst.concurrent.Threads;
import nst.engine.stylenetwork.CropSampler;
import nst.engine.stylenetwork.TrainingSample;
import nst.engine.stylenetwork.TrainingSchedule;

/** The samples of each step. Those of the next step are cut while the device computes. */
final class SampleQueue implements AutoCloseable {
  private final CropSampler sampler;
  private final TrainingSchedule schedule;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Threads.daemon("training-samples"));
  private long nextStep = -1;
  private Future<List<TrainingSample>> next;

  SampleQueue(CropSampler sampler, TrainingSchedule schedule) {
    this.sampler = sampler;
    this.schedule = schedule;
  }

  /** The samples of a step, from 0. */
  List<TrainingSample> of(long step) {
    Future<List<TrainingSample>> wanted = step == nextStep ? next : begun(step);
    try {
      List<TrainingSample> samples = wanted.get();
      if (step + 1 < schedule.steps()) {
        nextStep = step + 1;
        next = begun(nextStep);
      }
      return samples;
    } catch (ExecutionException e) {
      throw Threads.rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted after " + step + " steps of training");
    }
  }

  private Future<List<TrainingSample>> begun(long step) {
    return thread.submit(
        () ->
            IntStream.range(0, schedule.batch())
                .mapToObj(index -> sampler.sample(step, index))
                .toList());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
