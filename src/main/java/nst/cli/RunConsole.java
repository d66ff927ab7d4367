package nst.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import nst.cli.terminal.Console;
import nst.cli.terminal.ProgressLine;
import nst.engine.BatchCurve;
import nst.job.RunObserver;
import nst.job.cost.Amortization;
import nst.job.executor.Progress;
import nst.job.plan.GroupBill;
import nst.job.train.TrainingProgress;
import nst.model.text.Counts;

/** Prints a run's plan and progress. */
final class RunConsole implements RunObserver {
  private final Console console;
  private final AtomicReference<String> step = new AtomicReference<>("");
  private Optional<ProgressLine> line = Optional.empty();

  RunConsole(Console console) {
    this.console = console;
  }

  @Override
  public void planned(Map<String, Long> counts, double predictedSeconds) {
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    long planned = counts.getOrDefault("PLANNED", 0L);
    console.say(Counts.of(total, "row") + ", " + planned + " to compute");
  }

  @Override
  public void amortizing(GroupBill bill) {
    console.say(BillText.of(bill));
    if (bill.costs().choice() == Amortization.Choice.TRAIN) {
      step.set("");
      line = Optional.of(new ProgressLine(step::get, ProgressLine.Place.here()));
    }
  }

  @Override
  public void training(TrainingProgress progress) {
    step.set("training: " + TrainCommand.text(progress));
  }

  @Override
  public void trained() {
    computed();
  }

  @Override
  public void notTrained(String reason) {
    console.say("The network was not trained, so its rows are optimised: " + reason);
  }

  @Override
  public void batches(BatchCurve curve) {
    console.say(
        "batch.images=auto: "
            + curve.images()
            + (curve.images() == 1 ? " row" : " rows")
            + " at a time (milliseconds for each image, by images in a pass: "
            + curve
            + ")");
  }

  @Override
  public void computing(Progress progress) {
    line = Optional.of(new ProgressLine(progress, ProgressLine.Place.here()));
  }

  @Override
  public void computed() {
    line.ifPresent(ProgressLine::close);
    line = Optional.empty();
  }
}
