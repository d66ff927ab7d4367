package nst.job.source;

import java.util.List;
import nst.model.Problems;
import org.apache.hadoop.fs.GlobPattern;

/**
 * Globs that choose photos of a folder by their paths in it, such as {@code 2024/a.jpg}. As with
 * the AWS command line, {@code *} also stands for slashes, so {@code *.jpg} matches in all folders.
 *
 * @param include a photo matches one of these, unless there are none
 * @param exclude a photo matches none of these
 */
public record PhotoFilter(List<String> include, List<String> exclude) {
  /** Chooses all photos. */
  public static final PhotoFilter ALL = new PhotoFilter(List.of(), List.of());

  public PhotoFilter {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  /** Adds a problem for each glob that is not valid. */
  public void check(Problems problems) {
    include.forEach(glob -> check("--include", glob, problems));
    exclude.forEach(glob -> check("--exclude", glob, problems));
  }

  private static void check(String option, String glob, Problems problems) {
    try {
      GlobPattern.compile(glob);
    } catch (RuntimeException e) { // the class differs between Hadoop's jars
      problems.add(
          option, "", "expected a glob such as '2024/*.jpg' or '{raw,draft}/*', was " + glob);
    }
  }

  /** A test of many paths. */
  java.util.function.Predicate<String> compiled() {
    List<GlobPattern> in = include.stream().map(GlobPattern::new).toList();
    List<GlobPattern> out = exclude.stream().map(GlobPattern::new).toList();
    return path ->
        (in.isEmpty() || in.stream().anyMatch(glob -> glob.matches(path)))
            && out.stream().noneMatch(glob -> glob.matches(path));
  }
}
