package nst.job.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.model.Knob;
import nst.storage.Uris;

/**
 * A sweep: each content with each style at each point, as far as the conditions hold.
 *
 * @param axes the axes in the order of the definition
 * @param fixed the values that all rows set
 * @param points the number of points before conditions
 * @param rows at least one
 * @param folders the folders of all inputs
 */
public record Sweep(
    List<SweepAxis> axes, SweepPoint fixed, int points, List<SweepRow> rows, List<String> folders) {

  public Sweep {
    axes = List.copyOf(axes);
    rows = List.copyOf(rows);
    folders = List.copyOf(folders);
  }

  /** The columns of knobs: first the axes, then the others. */
  List<Knob> knobs() {
    return Stream.concat(
            axes.stream().flatMap(axis -> axis.knob().stream()),
            rows.stream().flatMap(row -> row.point().knobs().keySet().stream()))
        .distinct()
        .toList();
  }

  boolean hasPreset() {
    return fixed.preset().isPresent() || axes.stream().anyMatch(axis -> axis.knob().isEmpty());
  }

  /** The same sweep with other rows. */
  public Sweep with(List<SweepRow> others) {
    return new Sweep(axes, fixed, points, others, folders);
  }

  /** The values of a point on the axes that have several: {@code tv_weight=0.1 gram=raw}. */
  public String label(SweepPoint point) {
    return label(axes, point, " ").strip();
  }

  private static String label(List<SweepAxis> axes, SweepPoint point, String separator) {
    return axes.stream()
        .filter(axis -> axis.values().size() > 1)
        .map(axis -> separator + axis.column() + "=" + SweepLabels.value(axis, point))
        .collect(Collectors.joining());
  }

  /** All rows of contents, styles and points, with readable ids. */
  static List<SweepRow> rows(
      List<String> contents,
      List<SweepStyle> styles,
      List<SweepPoint> points,
      List<SweepAxis> axes) {
    Map<String, String> photos = SweepLabels.of(contents);
    Map<String, String> paintings =
        SweepLabels.of(
            styles.stream()
                .flatMap(style -> style.parts().stream().map(part -> part.uri()))
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    Map<SweepPoint, String> names = new LinkedHashMap<>();
    for (SweepPoint point : points) {
      names.put(point, label(axes, point, "-"));
    }
    List<SweepRow> rows = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>();
    for (String content : contents) {
      for (SweepStyle style : styles) {
        String pair = photos.get(content) + "-" + style.label(paintings);
        for (SweepPoint point : points) {
          String id = SweepLabels.unused(pair + names.get(point), ids);
          rows.add(new SweepRow(id, content, style, point));
        }
      }
    }
    return rows;
  }

  /** The folders without those that are below another one. */
  static List<String> highest(Set<String> folders) {
    List<String> highest = new ArrayList<>();
    for (String folder : folders.stream().map(Sweep::withoutComma).sorted().toList()) {
      if (highest.stream().noneMatch(above -> (folder + "/").startsWith(above + "/"))) {
        highest.add(folder);
      }
    }
    return highest;
  }

  /** The folders of a setting are separated by commas, so a name with a comma cannot be in it. */
  private static String withoutComma(String folder) {
    String without = folder;
    while (without.contains(",")) {
      without = Uris.folder(without);
    }
    return without;
  }
}
