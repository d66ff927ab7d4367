package nst.cli.option;

import java.util.ArrayList;
import java.util.List;
import nst.job.source.ManifestSource;
import nst.job.source.PhotoFilter;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.storage.UserUri;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of the commands that read a manifest, or a folder of photos instead. */
public final class ManifestArguments {
  @Parameters(
      paramLabel = "MANIFEST",
      description =
          "a table with one row for each image (Parquet, CSV, TSV or JSON lines); with --style, a"
              + " folder of photos or a prefix on S3")
  String manifest;

  @Option(
      names = "--style",
      paramLabel = "URI",
      description =
          "stylise each photo of the folder MANIFEST in this style; may be repeated for one image"
              + " of each photo in each style (stylize blends several)")
  List<String> styles = new ArrayList<>();

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description =
          "with --style: use only photos whose path in the folder matches, such as '2024/*.jpg' (*"
              + " includes /); may be repeated")
  List<String> include = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "with --style: leave out photos whose path matches; may be repeated")
  List<String> exclude = new ArrayList<>();

  /**
   * The source of the rows.
   *
   * @throws InvalidInputException with every fault of the arguments
   */
  public ManifestSource source() {
    Problems problems = new Problems();
    String uri = absolute("MANIFEST", manifest, problems);
    List<String> paintings =
        styles.stream().map(style -> absolute("--style", style, problems)).toList();
    PhotoFilter filter = new PhotoFilter(include, exclude);
    filter.check(problems);
    if (styles.isEmpty()) {
      requireNone("--include", include, problems);
      requireNone("--exclude", exclude, problems);
    }
    problems.throwIfAny();
    return new ManifestSource(uri, paintings, filter);
  }

  private static String absolute(String where, String typed, Problems problems) {
    try {
      return UserUri.absolute(where, typed);
    } catch (InvalidInputException e) {
      e.problems()
          .forEach(problem -> problems.add(problem.where(), problem.column(), problem.message()));
      return "";
    }
  }

  private static void requireNone(String option, List<String> globs, Problems problems) {
    if (!globs.isEmpty()) {
      problems.add(
          option,
          "",
          "expected a folder of photos and --style, was a manifest; its rows name the photos");
    }
  }
}
