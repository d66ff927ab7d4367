package nst.cli;

import java.util.Map;
import java.util.Optional;
import nst.job.RunObserver;
import nst.job.executor.Progress;

/** Prints a run's plan and progress. */
final class RunConsole implements RunObserver {
  private final Console console;
  private Optional<ProgressLine> line = Optional.empty();

  RunConsole(Console console) {
    this.console = console;
  }

  @Override
  public void planned(Map<String, Long> counts, double predictedSeconds) {
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    long planned = counts.getOrDefault("PLANNED", 0L);
    console.say(total + " rows, " + planned + " to compute");
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
