package nst.report.row;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import nst.model.TransferResult.Timings;
import nst.model.text.ShortText;

/**
 * Consecutive rows as columns, which are smaller than objects: texts that repeat are written once.
 * Credentials are removed from all texts.
 */
final class RowColumns {
  /** The longest message of a failed row on the page; {@code metrics} has the whole message. */
  private static final int MESSAGE = 500;

  private RowColumns() {}

  /**
   * A column of text with repetitions.
   *
   * @param values the different values
   * @param at for each row, the index of its value
   */
  private record Coded(List<Object> values, List<Integer> at) {}

  /** The columns of these rows. Missing numbers are null, missing texts are empty. */
  static Map<String, Object> of(List<PageRow> rows) {
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("id", list(rows, row -> SafeText.of(row.id())));
    columns.put("key", list(rows, row -> SafeText.of(row.key())));
    columns.put("status", coded(rows, row -> row.status().name().toLowerCase(Locale.ROOT)));
    columns.put("code", coded(rows, row -> row.failure().map(f -> f.code().name()).orElse("")));
    columns.put("message", coded(rows, RowColumns::message));
    columns.put("content", coded(rows, row -> SafeText.of(row.content())));
    columns.put("styles", coded(rows, RowColumns::styles));
    columns.put("file", list(rows, saved(PageRow.Saved::file)));
    columns.put("thumbnail", list(rows, row -> row.thumbnail().map(Picture::at).orElse(null)));
    columns.put("width", list(rows, saved(PageRow.Saved::width)));
    columns.put("height", list(rows, saved(PageRow.Saved::height)));
    columns.put("iterations", list(rows, saved(PageRow.Saved::iterations)));
    columns.put("stop", coded(rows, row -> row.saved().map(PageRow.Saved::stopReason).orElse("")));
    columns.put("content_loss", list(rows, saved(s -> PageJson.number(s.content()))));
    columns.put("style_loss", list(rows, saved(s -> PageJson.number(s.style()))));
    columns.put("tv_loss", list(rows, saved(s -> PageJson.number(s.tv()))));
    columns.put("total_loss", list(rows, saved(s -> PageJson.number(s.total()))));
    columns.put("left", list(rows, saved(s -> PageJson.number(s.left()))));
    columns.put("millis", list(rows, row -> row.times().map(Timings::totalMs).orElse(null)));
    columns.put("warnings", coded(rows, row -> row.warnings().stream().map(SafeText::of).toList()));
    columns.put("knobs", named(rows, PageRow::knobs));
    columns.put("own", named(rows, PageRow::own));
    return columns;
  }

  private static Function<PageRow, Object> saved(Function<PageRow.Saved, Object> value) {
    return row -> {
      Optional<PageRow.Saved> saved = row.saved();
      return saved.isPresent() ? value.apply(saved.get()) : null;
    };
  }

  private static String message(PageRow row) {
    String text = row.failure().map(failure -> SafeText.of(failure.message())).orElse("");
    return ShortText.cut(text, MESSAGE);
  }

  private static Object styles(PageRow row) {
    return row.styles().stream()
        .map(
            style ->
                List.of(
                    SafeText.of(style.uri()),
                    PageJson.number(style.weight()),
                    SafeText.of(style.mask()),
                    SafeText.of(style.styleMask())))
        .toList();
  }

  private static List<Object> list(List<PageRow> rows, Function<PageRow, Object> value) {
    List<Object> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(value.apply(row)));
    return values;
  }

  private static Coded coded(List<PageRow> rows, Function<PageRow, Object> value) {
    Map<Object, Integer> known = new LinkedHashMap<>();
    List<Integer> at = new ArrayList<>(rows.size());
    for (PageRow row : rows) {
      Object text = value.apply(row);
      Integer index = known.putIfAbsent(text, known.size());
      at.add(index == null ? known.size() - 1 : index);
    }
    return new Coded(new ArrayList<>(known.keySet()), at);
  }

  private static Map<String, Object> named(
      List<PageRow> rows, Function<PageRow, Map<String, String>> values) {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(values.apply(row).keySet()));
    Map<String, Object> columns = new LinkedHashMap<>();
    for (String name : names) {
      columns.put(
          SafeText.of(name),
          coded(rows, row -> SafeText.of(values.apply(row).getOrDefault(name, ""))));
    }
    return columns;
  }
}
