package nst.job.publish;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import nst.job.table.Columns;
import nst.model.InvalidInputException;
import nst.model.text.NearestName;
import nst.storage.Uris;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Computes the names of a run's pictures from its metrics. */
final class PictureNames implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What a name can contain in addition to the columns of metrics. */
  private static final Set<String> FROM_URIS = Set.of("stem", "folder", "style", "ext");

  /** In front of the columns that {@link #columns} adds. */
  private static final String VALUE = "value of ";

  private final NameTemplate template;
  private final List<String> columns;

  private PictureNames(NameTemplate template, List<String> columns) {
    this.template = template;
    this.columns = List.copyOf(columns);
  }

  /**
   * Parses a pattern for the pictures of a run.
   *
   * @throws InvalidInputException if it is not a pattern, or names an unknown column
   */
  static PictureNames of(String names, Dataset<Row> metrics) {
    NameTemplate template;
    try {
      template = NameTemplate.parse(names);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(Publisher.NAMES, "", e.getMessage());
    }
    Set<String> known = new TreeSet<>(FROM_URIS);
    for (String column : metrics.columns()) {
      DataType type = metrics.schema().apply(column).dataType();
      if (!(type instanceof ArrayType || type instanceof MapType || type instanceof StructType)) {
        known.add(column);
      }
    }
    for (String name : template.placeholders()) {
      if (!known.contains(name)) {
        throw new InvalidInputException(
            Publisher.NAMES,
            "",
            "Unknown name {"
                + name
                + "}. "
                + NearestName.of(name, known)
                    .map(near -> "Did you mean {" + near + "}? ")
                    .orElse("")
                + "Expected {stem}, {folder}, {style}, {ext} or a column of metrics with a single"
                + " value");
      }
    }
    List<String> columns = new ArrayList<>(template.placeholders());
    columns.removeAll(FROM_URIS);
    return new PictureNames(template, columns);
  }

  /** The columns of metrics that the names need, as text. */
  List<Column> columns(Dataset<Row> metrics) {
    return columns.stream()
        .map(name -> metrics.col(Columns.quoted(name)).cast("string").as(VALUE + name))
        .toList();
  }

  /**
   * The name of the picture of a row.
   *
   * @param row with content, styles, output_uri and {@link #columns}
   * @throws IllegalArgumentException if the row has no value for a part of it
   */
  String name(Row row) {
    Map<String, String> values = new HashMap<>();
    for (String column : columns) {
      values.put(column, row.getAs(VALUE + column));
    }
    String content = row.getAs("content");
    String picture = row.getAs("output_uri");
    values.put("stem", Uris.stem(content));
    values.put("folder", Uris.fileName(Uris.folder(content)));
    values.put(
        "style",
        row.<Row>getList(row.fieldIndex("styles")).stream()
            .map(style -> Uris.stem(style.getAs("uri")))
            .collect(Collectors.joining("+")));
    values.put("ext", picture.substring(picture.lastIndexOf('.') + 1));
    return template.name(values);
  }
}
