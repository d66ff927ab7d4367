package nst.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import nst.model.Domain;
import nst.model.Knob;
import nst.model.TransferResult.Status;
import nst.report.row.PageRow;
import nst.report.row.SafeText;

/**
 * A grid of rows with the same content and style that differ only in one or two numeric knobs, with
 * the knobs as axes.
 *
 * @param rowKnob the vertical axis; empty if only one knob varies
 * @param lines from the smallest value of {@code rowKnob} to the largest
 */
public record SweepGrid(
    String content,
    String style,
    String columnKnob,
    String rowKnob,
    List<String> columns,
    List<Line> lines) {

  /** The smallest number of rows for a grid. */
  private static final int FEWEST_ROWS = 3;

  /**
   * The smallest filled share of a grid. In a random search, every row has different values, so a
   * table would be mostly empty.
   */
  private static final double FEWEST_FILLED = 0.6;

  /**
   * A line of the grid.
   *
   * @param value the value of the row knob; empty if only one knob varies
   * @param cells for each column, its rows
   */
  public record Line(String value, List<List<Cell>> cells) {}

  /** A row of the manifest: its number and its id. */
  public record Cell(long number, String id) {}

  private record Subject(String content, String style) {}

  /** All grids among the rows, in the order of their first rows. */
  static List<SweepGrid> among(List<PageRow> rows, List<RunReport.Setting> settings) {
    Map<String, String> defaults = new LinkedHashMap<>();
    settings.forEach(setting -> defaults.put(setting.name(), setting.value()));
    Map<Subject, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      PageRow row = rows.get(i);
      if (row.status() != Status.DUPLICATE) {
        groups.computeIfAbsent(subject(row), subject -> new ArrayList<>()).add(i);
      }
    }
    List<SweepGrid> grids = new ArrayList<>();
    groups.forEach(
        (subject, members) -> grid(subject, members, rows, defaults).ifPresent(grids::add));
    return grids;
  }

  private static Subject subject(PageRow row) {
    return new Subject(SafeText.of(row.content()), row.styleText());
  }

  private static Optional<SweepGrid> grid(
      Subject subject, List<Integer> members, List<PageRow> rows, Map<String, String> defaults) {
    if (members.size() < FEWEST_ROWS) {
      return Optional.empty();
    }
    Set<String> knobs = new LinkedHashSet<>();
    members.forEach(index -> knobs.addAll(rows.get(index).knobs().keySet()));
    Map<String, TreeMap<Double, String>> axes = new LinkedHashMap<>();
    for (String knob : knobs) {
      TreeMap<Double, String> values = new TreeMap<>();
      for (int index : members) {
        String text = value(rows.get(index), knob, defaults);
        if (!isNumeric(knob, text)) {
          return Optional.empty();
        }
        double value = Double.parseDouble(text);
        values.put(value, NumberFormats.number(value));
      }
      if (values.size() > 1) {
        axes.put(knob, values);
      }
    }
    if (axes.isEmpty() || axes.size() > 2) {
      return Optional.empty();
    }
    int cells = axes.values().stream().mapToInt(TreeMap::size).reduce(1, (a, b) -> a * b);
    if (members.size() < FEWEST_FILLED * cells) {
      return Optional.empty();
    }
    return Optional.of(lay(subject, members, rows, defaults, axes));
  }

  private static SweepGrid lay(
      Subject subject,
      List<Integer> members,
      List<PageRow> rows,
      Map<String, String> defaults,
      Map<String, TreeMap<Double, String>> axes) {
    // The knob with more values is the horizontal axis, because pages are wider than high.
    List<String> names = new ArrayList<>(axes.keySet());
    names.sort((a, b) -> Integer.compare(axes.get(b).size(), axes.get(a).size()));
    String columnKnob = names.get(0);
    String rowKnob = names.size() > 1 ? names.get(1) : "";
    List<Double> columns = List.copyOf(axes.get(columnKnob).keySet());
    List<Line> lines = new ArrayList<>();
    if (rowKnob.isEmpty()) {
      lines.add(new Line("", cells(members, rows, defaults, columnKnob, columns)));
    } else {
      axes.get(rowKnob)
          .forEach(
              (value, text) -> {
                List<Integer> inLine =
                    members.stream()
                        .filter(index -> number(rows.get(index), rowKnob, defaults) == value)
                        .toList();
                lines.add(new Line(text, cells(inLine, rows, defaults, columnKnob, columns)));
              });
    }
    return new SweepGrid(
        subject.content(),
        subject.style(),
        columnKnob,
        rowKnob,
        List.copyOf(axes.get(columnKnob).values()),
        lines);
  }

  private static List<List<Cell>> cells(
      List<Integer> members,
      List<PageRow> rows,
      Map<String, String> defaults,
      String knob,
      List<Double> columns) {
    return columns.stream()
        .map(
            column ->
                members.stream()
                    .filter(index -> number(rows.get(index), knob, defaults) == column)
                    .map(rows::get)
                    .map(row -> new Cell(row.number(), SafeText.of(row.id())))
                    .toList())
        .toList();
  }

  private static String value(PageRow row, String knob, Map<String, String> defaults) {
    return row.knobs().getOrDefault(knob, defaults.getOrDefault(knob, ""));
  }

  private static double number(PageRow row, String knob, Map<String, String> defaults) {
    return Double.parseDouble(value(row, knob, defaults));
  }

  private static boolean isNumeric(String knob, String text) {
    return Knob.named(knob)
            .filter(
                known ->
                    known.domain() instanceof Domain.Real || known.domain() instanceof Domain.Whole)
            .isPresent()
        && text.matches("[-+0-9.eE]+");
  }
}
