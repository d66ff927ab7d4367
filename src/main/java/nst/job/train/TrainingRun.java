package nst.job.train;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import nst.engine.NetworkTraining;
import nst.engine.objective.LossTerms;
import nst.engine.stylenetwork.StyleNetworkTrainer;
import nst.engine.stylenetwork.TrainingCheckpoint;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.record.TrainingLog;
import nst.record.TrainingLoss;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a training from where it stands to its end, with checkpoints. What it computes does
 * not depend on when it was interrupted.
 */
final class TrainingRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  /** The held-out photos are measured, and a mark is written, so many times. */
  private static final long MARKS = 10;

  /** The points of the learning curve. */
  private static final long POINTS = 200;

  private static final int MOST_HALVINGS = 3;

  /** A killed process loses no more than this, a step and the time of a write. */
  private static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(40);

  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);

  private final Function<Optional<TrainingCheckpoint>, NetworkTraining> engine;
  private final TrainingSchedule schedule;
  private final PhotoCache photos;
  private final HeldOutPhotos heldOut;
  private final SampleQueue samples;
  private final Checkpoints checkpoints;
  private final Consumer<TrainingProgress> observer;
  private final BooleanSupplier isInterrupted;

  private NetworkTraining training;
  private TrainingLog log = TrainingLog.NONE;
  private long savedAt = System.nanoTime();
  private long reportedAt = System.nanoTime() - BETWEEN_REPORTS.toNanos();

  /** What one step saw. */
  private record Loss(TrainingLoss mean, boolean isFinite) {}

  /**
   * Opens the training where its checkpoints say it stands.
   *
   * @param engine begins a training, or continues one from a checkpoint
   * @param observer receives the progress
   */
  TrainingRun(
      Function<Optional<TrainingCheckpoint>, NetworkTraining> engine,
      TrainingSchedule schedule,
      PhotoCache photos,
      HeldOutPhotos heldOut,
      SampleQueue samples,
      Checkpoints checkpoints,
      Consumer<TrainingProgress> observer,
      BooleanSupplier isInterrupted) {
    this.engine = engine;
    this.schedule = schedule;
    this.photos = photos;
    this.heldOut = heldOut;
    this.samples = samples;
    this.checkpoints = checkpoints;
    this.observer = observer;
    this.isInterrupted = isInterrupted;
    Optional<Checkpoints.Saved> saved = checkpoints.furthest();
    this.training = engine.apply(saved.map(Checkpoints.Saved::training));
    saved.ifPresent(
        found -> {
          log = found.log();
          LOG.info("The training continues after {} steps", training.steps());
        });
  }

  /**
   * Makes the steps that are left.
   *
   * @return whether the training came to its end; otherwise the loss diverged too often
   */
  boolean complete() {
    if (log.heldOut().isEmpty()) {
      mark();
    }
    long startSteps = training.steps();
    long startNanos = System.nanoTime();
    while (training.steps() < schedule.steps()) {
      if (isInterrupted.getAsBoolean()) {
        throw new CancellationException("Interrupted after " + training.steps() + " steps");
      }
      long step = training.steps();
      Loss loss = step(step);
      TrainingLog stepped =
          log.stepped(
              loss.mean(), TrainingSchedule.WARM_UP_STEPS, Math.max(1, schedule.steps() / POINTS));
      if (!loss.isFinite() || stepped.hasDiverged()) {
        if (log.halvings() == MOST_HALVINGS) {
          return false;
        }
        goBack(log.halvings() + 1);
        startSteps = Math.min(startSteps, training.steps());
        continue;
      }
      log = stepped;
      if (training.steps() % markInterval() == 0 || training.steps() == schedule.steps()) {
        mark();
      } else if (System.nanoTime() - savedAt > BETWEEN_CHECKPOINTS.toNanos()) {
        checkpoints.writeLatest(checkpoint());
        savedAt = System.nanoTime();
      }
      report(secondsLeft(startSteps, startNanos));
    }
    return true;
  }

  private long markInterval() {
    return Math.max(1, schedule.steps() / MARKS);
  }

  private Loss step(long step) {
    double learningRate = schedule.learningRate(step) / (1 << log.halvings());
    StyleNetworkTrainer.Step seen = training.step(samples.of(step), learningRate);
    TrainingLoss sum = new TrainingLoss(step, 0, 0, 0, 0);
    for (LossTerms terms : seen.terms()) {
      sum = sum.plus(HeldOutPhotos.loss(step, terms));
    }
    return new Loss(sum.times(1.0 / seen.terms().size()), Double.isFinite(seen.gradientNorm()));
  }

  /** Measures the held-out photos and writes the checkpoint to which a training returns. */
  private void mark() {
    HeldOutPhotos.Measurement measured = heldOut.measure(training);
    log = log.measured(measured.mean(), measured.photos());
    checkpoints.writeMark(checkpoint());
    savedAt = System.nanoTime();
  }

  private TrainingCheckpoint checkpoint() {
    log = log.without(photos.leftOut());
    return training.checkpoint(log.json());
  }

  private void goBack(int halvings) {
    Checkpoints.Saved mark = checkpoints.mark();
    LOG.warn(
        "The loss diverged after {} steps. The training continues after {} steps with 1/{} of the"
            + " learning rate",
        training.steps(),
        mark.training().steps(),
        1 << halvings);
    training.close();
    training = engine.apply(Optional.of(mark.training()));
    log = mark.log().halved(halvings);
    checkpoints.writeMark(checkpoint()); // the one that counts from now on
    savedAt = System.nanoTime();
  }

  private double secondsLeft(long startSteps, long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return seconds / (training.steps() - startSteps) * (schedule.steps() - training.steps());
  }

  private void report(double secondsLeft) {
    if (System.nanoTime() - reportedAt >= BETWEEN_REPORTS.toNanos()) {
      reportedAt = System.nanoTime();
      observer.accept(
          new TrainingProgress(
              training.steps(),
              schedule.steps(),
              log.mean().isEmpty() ? Double.NaN : log.mean().get(0).total(),
              log.heldOut().get(log.heldOut().size() - 1).total(),
              secondsLeft));
    }
  }

  /** The training as it is now. */
  NetworkTraining training() {
    return training;
  }

  /** What was measured so far. */
  TrainingLog log() {
    return log.without(photos.leftOut());
  }

  @Override
  public void close() {
    training.close();
  }
}
