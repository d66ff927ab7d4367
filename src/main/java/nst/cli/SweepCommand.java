package nst.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nst.job.SweepTable;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.Redactor;
import nst.model.Sweep;
import nst.model.text.Counts;
import nst.record.ExitCode;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sweep}: writes the manifest of a parameter grid or of random points. */
@Command(
    name = "sweep",
    description =
        "Writes the manifest of a parameter sweep: one row for each content, style and point.",
    sortOptions = false)
final class SweepCommand extends CliCommand {
  @Option(
      names = "--content",
      paramLabel = "URI",
      required = true,
      arity = "1..*",
      description = "one or more photos")
  List<String> contents = new ArrayList<>();

  @Option(
      names = "--style",
      paramLabel = "URI",
      required = true,
      arity = "1..*",
      description = "one or more style images")
  List<String> styles = new ArrayList<>();

  @Option(
      names = "--grid",
      paramLabel = "KNOB=VALUES",
      description =
          "one axis: content_weight=1,5,10, style_weight=log:1e2..1e5:7 or tv_weight=lin:0..1:5; may be repeated")
  List<String> grid = new ArrayList<>();

  @Option(
      names = "--random",
      paramLabel = "COUNT",
      description =
          "draw this many random points within the ranges of the axes instead of all combinations")
  int random;

  @Option(
      names = "--random-seed",
      paramLabel = "SEED",
      description = "random seed for --random (default: 0)")
  long randomSeed;

  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "the Parquet table to write; must not exist")
  String output;

  @Override
  public Integer call() {
    config(); // reports a mistyped flag or key
    Problems problems = new Problems();
    List<Sweep.Axis> axes = new ArrayList<>();
    for (String text : grid) {
      if (!Redactor.isClean(text)) {
        problems.add("--grid", "", "expected values without credentials, was " + text);
        continue;
      }
      try {
        axes.add(Sweep.Axis.parse(text));
      } catch (IllegalArgumentException e) {
        problems.add("--grid", text, e.getMessage());
      }
    }
    if (random < 0) {
      problems.add("--random", "", "expected a whole number of at least 1, was " + random);
    }
    List<String> photos = absolute("--content", contents, problems);
    List<String> paintings = absolute("--style", styles, problems);
    problems.throwIfAny();
    Sweep sweep = new Sweep(axes);
    List<Map<Knob, Object>> points = random > 0 ? sweep.random(random, randomSeed) : sweep.grid();
    String table = UserUri.absolute("--output", output);
    int rows =
        inSpark(
            "sweep", session -> SweepTable.write(session, photos, paintings, sweep, points, table));
    if (json) {
      console().json(Console.object().put("rows", rows).put("manifest", table));
    }
    console().say(Counts.of(rows, "row") + " in " + Uris.display(table));
    return ExitCode.OK.code();
  }

  private static List<String> absolute(String option, List<String> typed, Problems problems) {
    List<String> uris = new ArrayList<>();
    for (String one : typed) {
      try {
        uris.add(UserUri.absolute(option, one));
      } catch (InvalidInputException e) {
        e.problems()
            .forEach(problem -> problems.add(problem.where(), problem.column(), problem.message()));
      }
    }
    return uris;
  }
}
