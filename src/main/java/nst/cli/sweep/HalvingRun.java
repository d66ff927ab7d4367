package nst.cli.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import nst.job.halving.Halving;
import nst.job.halving.Rung;
import nst.job.halving.RungChoice;
import nst.job.halving.RungChoice.Scored;
import nst.model.text.Counts;
import nst.record.ExitCode;
import nst.record.RunSummary;

/** Runs the rungs of a halving, and says which points go on. */
public final class HalvingRun implements Halving.Runs {
  private final Halving halving;
  private final String runId;
  private final BiFunction<String, String, RunSummary> runner;
  private final Consumer<String> console;
  private final List<Done> done = new ArrayList<>();

  /** A rung that was run. */
  private record Done(Rung rung, RunSummary summary, RungChoice choice) {
    List<Scored> kept() {
      return choice.best(rung.kept());
    }
  }

  private RunSummary running;

  /**
   * Creates an instance.
   *
   * @param runId the beginning of the ids of all runs
   * @param runner runs a manifest under a run id
   * @param console shows a line
   */
  public HalvingRun(
      Halving halving,
      String runId,
      BiFunction<String, String, RunSummary> runner,
      Consumer<String> console) {
    this.halving = halving;
    this.runId = runId;
    this.runner = runner;
    this.console = console;
  }

  /** The id of the run of a rung. */
  public static String runId(String runId, int rung) {
    return runId + "-rung-" + rung;
  }

  @Override
  public RunSummary run(Rung rung, String manifest) {
    String id = runId(runId, rung.number());
    console.accept("Rung " + rung.number() + " of " + rung.of() + ", run " + id);
    running = runner.apply(manifest, id);
    return running;
  }

  @Override
  public void chosen(Rung rung, RungChoice choice) {
    Done rungDone = new Done(rung, running, choice);
    done.add(rungDone);
    choice.notes().forEach(console);
    int kept = rungDone.kept().size();
    if (kept == 0) {
      console.accept("No point of rung " + rung.number() + " has a score, so it is the last one.");
    } else if (rung.isLast()) {
      console.accept("The best points by " + halving.rule() + ":");
      rungDone
          .kept()
          .forEach(
              best ->
                  console.accept(
                      String.format(
                          Locale.ROOT, "  %.6g  %s", best.score(), halving.label(best.point()))));
    } else {
      console.accept(
          Counts.of(kept, "point") + " of " + rung.points() + " go on by " + halving.rule());
    }
  }

  /** The largest exit code of the runs. A rung without any score is a failure. */
  public int exitCode() {
    return done.stream()
        .mapToInt(
            rung ->
                rung.kept().isEmpty() ? ExitCode.TOO_MANY_FAILED.code() : rung.summary().exitCode())
        .max()
        .orElse(ExitCode.OK.code());
  }

  /** Adds the rungs and the best points, for programs. */
  public void addTo(ObjectNode node) {
    ArrayNode rungs = node.putArray("rungs");
    for (Done rung : done) {
      RunSummary.Rows rows = rung.summary().rows();
      ObjectNode object = rungs.addObject();
      object
          .put("rung", rung.rung().number())
          .put("run_id", rung.summary().runId())
          .put("run_date", rung.summary().runDate())
          .put("device_seconds", rung.summary().deviceSeconds())
          .put("exit_code", rung.summary().exitCode());
      object
          .putObject("rows")
          .put("total", rows.total())
          .put("ok", rows.ok())
          .put("failed", rows.failed())
          .put("skipped", rows.skipped())
          .put("duplicate", rows.duplicate());
      ArrayNode kept = object.putArray("kept");
      rung.kept()
          .forEach(
              point ->
                  kept.addObject()
                      .put("point", point.point())
                      .put("values", halving.label(point.point()))
                      .put("score", point.score()));
      ArrayNode notes = object.putArray("notes");
      rung.choice().notes().forEach(notes::add);
    }
    node.put("rule", halving.rule().toString());
  }
}
