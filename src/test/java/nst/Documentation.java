package nst;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the repository's documentation: sections, tables, links. */
public final class Documentation {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]+)(?:#[^)]*)?\\)");

  private Documentation() {}

  /** The text of a file of the repository; Maven starts tests in its root. */
  public static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /**
   * Returns the text from a heading to the next one of the same or a higher level, or to the end.
   */
  public static String section(String file, String heading) {
    String level = heading.substring(0, heading.indexOf(' '));
    StringBuilder section = new StringBuilder();
    boolean inside = false;
    boolean found = false;
    for (String line : text(file).lines().toList()) {
      if (line.equals(heading)) {
        inside = true;
        found = true;
      } else if (line.matches("#{1," + level.length() + "} .*")) {
        inside = false;
      }
      if (inside) {
        section.append(line).append('\n');
      }
    }
    if (!found) {
      throw new AssertionError("expected a heading \"" + heading + "\" in " + file);
    }
    return section.toString();
  }

  /** Returns the text between the markers of a table that is made from the code. */
  public static String made(String file, String name) {
    String text = text(file);
    String begin = "<!-- " + name + ": made from the code -->\n";
    int from = text.indexOf(begin);
    int to = text.indexOf("<!-- /" + name + " -->");
    if (from < 0 || to < 0) {
      throw new AssertionError("expected the markers of " + name + " in " + file);
    }
    return text.substring(from + begin.length(), to);
  }

  /** Returns the cells of every table row of a text, without the heads and rules. */
  public static List<List<String>> rows(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      boolean head = i + 1 < lines.size() && lines.get(i + 1).startsWith("|---");
      if (lines.get(i).startsWith("| ") && !head) {
        rows.add(cells(lines.get(i)));
      }
    }
    return rows;
  }

  private static List<String> cells(String line) {
    String inner = line.strip();
    List<String> cells = new ArrayList<>();
    for (String cell : inner.substring(1, inner.length() - 1).split("(?<!\\\\)\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  /** Returns the names in code style in the first cell of each row. */
  public static List<String> names(List<List<String>> rows) {
    return rows.stream().flatMap(row -> code(row.get(0)).stream()).toList();
  }

  /** Returns all text in code style, in order. */
  public static List<String> code(String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = CODE.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** Returns the files that a page links to, as paths from the root of the repository. */
  public static List<Path> links(String file) {
    Path folder = Path.of(file).toAbsolutePath().getParent();
    List<Path> links = new ArrayList<>();
    Matcher matcher = LINK.matcher(text(file));
    while (matcher.find()) {
      if (!matcher.group(1).contains(":")) {
        links.add(folder.resolve(matcher.group(1)).normalize());
      }
    }
    return links;
  }

  /** Returns all pages of the documentation. */
  public static List<String> pages() {
    List<String> pages = new ArrayList<>(List.of("README.md", "CONTRIBUTING.md"));
    try (var files = Files.list(Path.of("docs"))) {
      files.map(Path::toString).filter(name -> name.endsWith(".md")).sorted().forEach(pages::add);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list docs", e);
    }
    return pages;
  }
}
