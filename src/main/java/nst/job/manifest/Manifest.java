package nst.job.manifest;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.job.table.Tables;
import nst.model.Domain;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.text.NearestName;
import nst.model.text.ShortText;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a manifest, and the conversion of its rows to requests. The driver checks the
 * columns once; each task checks the rows that it reads. {@code docs/manifest.md} describes all
 * columns.
 */
public final class Manifest implements java.io.Serializable {
  private static final long serialVersionUID = 1L;

  /** The longest id, in characters. Longer ids usually come from a faulty join. */
  public static final int MAX_ID_LENGTH = 1024;

  /**
   * The longest URI or version, in characters. Object names are shorter: S3 allows 1024 bytes,
   * Linux 4096.
   */
  static final int MAX_TEXT_LENGTH = 4096;

  private static final Domain ANY_WHOLE = new Domain.Whole(Long.MIN_VALUE, Long.MAX_VALUE);

  static final String ID = "id";
  public static final String CONTENT = "content";
  static final String CONTENT_VERSION = "content_version";
  public static final String STYLE = "style";
  static final String STYLES = "styles";
  public static final String MASK = "mask";
  public static final String STYLE_MASK = "style_mask";

  private static final List<String> TEXT_COLUMNS =
      List.of(CONTENT, CONTENT_VERSION, STYLE, MASK, STYLE_MASK, RunConfig.PRESET);

  private final String folder;
  private final UriPolicy policy;
  private final RunConfig config;
  private final Networks networks;

  /** The index of each known column that this manifest has. */
  private final TreeMap<String, Integer> places = new TreeMap<>();

  private final EnumMap<Knob, Integer> knobs = new EnumMap<>(Knob.class);

  /**
   * Creates the rules for a manifest.
   *
   * @param uri absolute URI of the manifest; relative URIs in rows are resolved against its folder
   * @param networks the networks that rows may use
   * @param schema columns that passed {@link #check}
   */
  Manifest(String uri, UriPolicy policy, RunConfig config, Networks networks, StructType schema) {
    this.folder = Uris.folder(uri);
    this.policy = policy;
    this.config = config;
    this.networks = networks;
    List<String> names = Arrays.asList(schema.fieldNames());
    for (String column : columns()) {
      int place = names.indexOf(column);
      if (place >= 0) {
        places.put(column, place);
        Knob.named(column).ifPresent(knob -> knobs.put(knob, place));
      }
    }
  }

  /** All known columns, in the order of the documentation. */
  public static List<String> columns() {
    return Stream.concat(
            Stream.of(
                ID, CONTENT, CONTENT_VERSION, STYLE, STYLES, MASK, STYLE_MASK, RunConfig.PRESET),
            Knob.keys().stream())
        .toList();
  }

  /** Adds every fault of the columns to {@code problems}. */
  static void check(String where, ManifestSchema schema, Problems problems) {
    Set<String> names = new TreeSet<>(Arrays.asList(schema.columns().fieldNames()));
    if (!names.contains(CONTENT)) {
      problems.add(
          where, CONTENT, "The column is missing. Add it, with the URI of a photo in every row.");
    }
    if (!names.contains(STYLE) && !names.contains(STYLES)) {
      problems.add(
          where,
          STYLE,
          "The columns `style` and `styles` are both missing. Add `style` (a URI) or `styles` (an array of struct<uri, weight>).");
    }
    for (StructField field : schema.columns().fields()) {
      boolean isText = schema.folders().contains(field.name()) && hasTextForm(field.name());
      if (!isText && !field.dataType().equals(DataTypes.NullType)) {
        checkField(where, field, problems);
      }
    }
  }

  /** Whether a column is known and can be given as text, as in the name of a folder. */
  private static boolean hasTextForm(String name) {
    return columns().contains(name) && !name.equals(STYLES);
  }

  private static void checkField(String where, StructField field, Problems problems) {
    String name = field.name();
    DataType type = field.dataType();
    Optional<Knob> knob = Knob.named(name);
    if (knob.isPresent()) {
      require(
          where,
          name,
          type,
          accepts(knob.get().domain().kind(), type),
          wording(knob.get().domain().kind()),
          problems);
    } else if (TEXT_COLUMNS.contains(name)) {
      require(where, name, type, type.equals(DataTypes.StringType), "a string", problems);
    } else if (name.equals(ID)) {
      require(
          where,
          name,
          type,
          type.equals(DataTypes.StringType) || Widening.isNumber(type),
          "a string or a whole number",
          problems);
    } else if (name.equals(STYLES)) {
      require(
          where, name, type, isStyles(type), "array<struct<uri:string,weight:double>>", problems);
    } else {
      if (!Redactor.isClean(name)) {
        problems.add(where, name, "expected a name without credentials");
      }
      NearestName.of(name, columns())
          .ifPresent(
              near ->
                  problems.add(
                      where,
                      name,
                      "Unknown column `"
                          + name
                          + "`. Did you mean `"
                          + near
                          + "`? If it is your own column, rename it."));
      ofOurTables()
          .filter(name::equalsIgnoreCase)
          .findFirst()
          .ifPresent(
              ours ->
                  problems.add(
                      where,
                      name,
                      "The name is reserved: the output tables have a column `"
                          + ours
                          + "`"
                          + (ours.equals(name) ? "" : ", and many readers ignore case")
                          + ". Rename your column."));
    }
  }

  private static Stream<String> ofOurTables() {
    return Stream.concat(Tables.metrics().stream(), Arrays.stream(Tables.PLAN.fieldNames()));
  }

  private static void require(
      String where, String name, DataType type, boolean holds, String expected, Problems problems) {
    if (!holds) {
      problems.add(where, name, "expected " + expected + ", was " + type.simpleString());
    }
  }

  private static String wording(Domain.Kind kind) {
    return switch (kind) {
      case REAL -> "a number";
      case WHOLE -> "a whole number";
      case TEXT -> "a string";
      case LAYERS -> "a string, an array of strings or a map from string to number";
    };
  }

  private static boolean accepts(Domain.Kind kind, DataType type) {
    return switch (kind) {
      case REAL, WHOLE ->
          Widening.isNumber(
              type); // a column of whole numbers with nulls is often stored as doubles
      case TEXT -> type.equals(DataTypes.StringType);
      case LAYERS ->
          type.equals(DataTypes.StringType)
              || (type instanceof ArrayType array && isNone(array.elementType(), isText()))
              || (type instanceof MapType map
                  && map.keyType().equals(DataTypes.StringType)
                  && isNone(map.valueType(), Widening::isNumber));
    };
  }

  private static Predicate<DataType> isText() {
    return DataTypes.StringType::equals;
  }

  /** Whether a nested type is as expected, or has no values. */
  private static boolean isNone(DataType type, Predicate<DataType> expected) {
    return type.equals(DataTypes.NullType) || expected.test(type);
  }

  private static boolean isStyles(DataType type) {
    if (!(type instanceof ArrayType array) || !(array.elementType() instanceof StructType struct)) {
      return false;
    }
    boolean named = false;
    for (StructField field : struct.fields()) {
      boolean fits =
          switch (field.name()) {
            case "uri", MASK, STYLE_MASK -> isNone(field.dataType(), isText());
            case "weight" -> isNone(field.dataType(), Widening::isNumber);
            default -> false;
          };
      if (!fits) {
        return false;
      }
      named |= field.name().equals("uri");
    }
    return named;
  }

  /**
   * The id of a row. A row without an id is named by its number. Whole numbers are written without
   * decimals, even if the column has type double.
   */
  public String id(Row row, long number) {
    Object id = value(row, ID);
    if (id == null) {
      return "row-" + number;
    }
    if (id instanceof Number) {
      try {
        return ANY_WHOLE.parse(id).toString();
      } catch (IllegalArgumentException e) {
        return id.toString(); // not a 64-bit whole number; request() checks the id
      }
    }
    return id.toString();
  }

  private static boolean isWhole(Number id) {
    if (id instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros().scale() <= 0;
    }
    try {
      ANY_WHOLE.parse(id);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Converts a row to a request.
   *
   * @throws TransferException with all faults of the row in one message
   */
  public TransferRequest request(Row row, long number) {
    String id = id(row, number);
    if (value(row, ID) instanceof Number given && !isWhole(given)) {
      throw new TransferException(
          ErrorCode.INVALID_ID,
          "Invalid id in row "
              + number
              + ": expected a string or a whole number of less than 2^53, was "
              + given);
    }
    if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
      throw new TransferException(
          ErrorCode.INVALID_ID,
          "Invalid id in row "
              + number
              + ": expected 1 to "
              + MAX_ID_LENGTH
              + " characters, not all blank, was "
              + (id.isBlank() ? "blank" : id.length() + " characters"));
    }
    if (!Redactor.isClean(id)) {
      throw new TransferException(
          ErrorCode.INVALID_ID,
          "Invalid id in row " + number + ": expected an id without credentials, was " + id);
    }
    Faults faults = new Faults();
    Faults forbidden = new Faults();
    String content = uri(row, CONTENT, faults, forbidden);
    List<TransferRequest.Style> styles = styles(row, faults, forbidden);
    Recipe recipe = recipe(row, id, faults, forbidden);
    String version = version(row, faults);
    if (!forbidden.isEmpty()) {
      throw new TransferException(ErrorCode.URI_NOT_ALLOWED, forbidden.message(id));
    }
    if (!faults.isEmpty()) {
      throw new TransferException(ErrorCode.INVALID_PARAMETER, faults.message(id));
    }
    return new TransferRequest(
        id, content, version, styles, recipe.hyperparameters(), recipe.substitutedLayers());
  }

  private String version(Row row, Faults faults) {
    String version = text(row, CONTENT_VERSION);
    if (version.length() > MAX_TEXT_LENGTH) {
      faults.add(CONTENT_VERSION, tooLong("a version", version));
    }
    if (!Redactor.isClean(version)) {
      faults.add(CONTENT_VERSION, "expected a version without credentials, was " + version);
    }
    return version;
  }

  private static String tooLong(String what, String text) {
    return "expected "
        + what
        + " of at most "
        + MAX_TEXT_LENGTH
        + " characters, was "
        + text.length()
        + " characters";
  }

  /** The faults of a row: columns, each with what was expected and what was found. */
  private static final class Faults {
    private final List<Problem> found = new ArrayList<>();

    void add(String column, String message) {
      found.add(new Problem("", column, message));
    }

    boolean isEmpty() {
      return found.isEmpty();
    }

    String message(String id) {
      return found.stream()
          .map(fault -> "Invalid " + fault.column() + " in row id=" + id + ": " + fault.message())
          .collect(Collectors.joining("; "));
    }
  }

  /** The values of a row for its network, and the layers that were replaced for that network. */
  private record Recipe(Hyperparameters hyperparameters, String substitutedLayers) {}

  private Recipe recipe(Row row, String id, Faults faults, Faults forbidden) {
    Hyperparameters base = config.defaults();
    String preset = text(row, RunConfig.PRESET);
    if (!preset.isEmpty()) {
      Optional<Preset> named = Preset.named(preset);
      if (named.isPresent()) {
        base = named.get().hyperparameters();
      } else {
        faults.add(
            RunConfig.PRESET,
            "expected one of "
                + String.join(", ", Preset.labels())
                + ", was "
                + ShortText.quoted(preset));
      }
    }
    EnumMap<Knob, Object> stated = new EnumMap<>(Knob.class);
    knobs.forEach(
        (knob, place) -> {
          if (!row.isNullAt(place)) {
            try {
              stated.put(knob, knob.domain().parse(value(row, place)));
            } catch (IllegalArgumentException e) {
              faults.add(knob.key(), e.getMessage());
            }
          }
        });
    if (stated.containsKey(Knob.INIT_IMAGE) && !stated.get(Knob.INIT_IMAGE).equals("")) {
      stated.put(
          Knob.INIT_IMAGE,
          absolute(Knob.INIT_IMAGE.key(), (String) stated.get(Knob.INIT_IMAGE), faults, forbidden));
    }
    Backbone asked = base.with(stated).backbone();
    Optional<Network> network = networks.find(asked);
    if (network.isEmpty()) {
      faults.add(Knob.BACKBONE.key(), networks.missing(asked));
      return new Recipe(base.with(stated), "");
    }
    Backbone backbone = network.get().backbone();
    String substituted = base.substitutions(backbone, stated.keySet());
    stated.put(Knob.BACKBONE, backbone);
    Hyperparameters hyperparameters = base.on(backbone).with(stated);
    Problems problems = new Problems();
    hyperparameters.check("row id=" + id, problems);
    problems.list().forEach(problem -> faults.add(problem.column(), problem.message()));
    return new Recipe(hyperparameters, substituted);
  }

  private List<TransferRequest.Style> styles(Row row, Faults faults, Faults forbidden) {
    boolean one = !text(row, STYLE).isEmpty();
    boolean several = value(row, STYLES) != null;
    if (one == several) {
      faults.add(
          STYLE, "expected exactly one of style and styles, found " + (one ? "both" : "none"));
      return List.of();
    }
    if (one) {
      return List.of(
          new TransferRequest.Style(
              uri(row, STYLE, faults, forbidden),
              1,
              optionalUri(row, MASK, faults, forbidden),
              optionalUri(row, STYLE_MASK, faults, forbidden)));
    }
    List<TransferRequest.Style> styles = new ArrayList<>();
    double sum = 0;
    for (Row style : row.<Row>getList(row.fieldIndex(STYLES))) {
      Object weight = style == null ? null : field(style, "weight");
      double share = weight == null ? 1 : ((Number) weight).doubleValue();
      if (style == null
          || field(style, "uri") == null
          || field(style, "uri").toString().isBlank()
          || !(share > 0)
          || Double.isInfinite(share)) {
        faults.add(
            STYLES,
            "expected a uri and a positive weight for each style, was "
                + ShortText.quoted(String.valueOf(style)));
        continue;
      }
      sum += share;
      styles.add(
          new TransferRequest.Style(
              absolute(STYLES, field(style, "uri").toString().strip(), faults, forbidden),
              share,
              optionalAbsolute(MASK, field(style, MASK), faults, forbidden),
              optionalAbsolute(STYLE_MASK, field(style, STYLE_MASK), faults, forbidden)));
    }
    if (styles.isEmpty() && faults.isEmpty()) {
      faults.add(STYLES, "expected at least one style, was an empty array");
    }
    double total = sum;
    return styles.stream()
        .map(s -> new TransferRequest.Style(s.uri(), s.weight() / total, s.mask(), s.styleMask()))
        .toList();
  }

  private String uri(Row row, String column, Faults faults, Faults forbidden) {
    String typed = text(row, column);
    if (typed.isEmpty()) {
      faults.add(column, "expected a URI, was " + (value(row, column) == null ? "null" : "blank"));
      return "";
    }
    return absolute(column, typed, faults, forbidden);
  }

  private String optionalUri(Row row, String column, Faults faults, Faults forbidden) {
    return optionalAbsolute(column, value(row, column), faults, forbidden);
  }

  private String optionalAbsolute(String column, Object typed, Faults faults, Faults forbidden) {
    return typed == null || typed.toString().isBlank()
        ? ""
        : absolute(column, typed.toString().strip(), faults, forbidden);
  }

  private String absolute(String column, String typed, Faults faults, Faults forbidden) {
    if (typed.length() > MAX_TEXT_LENGTH) {
      faults.add(column, tooLong("a URI", typed));
      return "";
    }
    try {
      String absolute = Uris.resolve(folder, typed);
      policy.refusal(absolute, typed).ifPresent(words -> forbidden.add(column, words));
      return absolute;
    } catch (IllegalArgumentException e) {
      (Redactor.isClean(typed) ? faults : forbidden).add(column, e.getMessage());
      return "";
    }
  }

  private String text(Row row, String column) {
    Object value = value(row, column);
    return value == null ? "" : value.toString().strip();
  }

  /** The value of a column, with Java collections; null if the row or the manifest has none. */
  private Object value(Row row, String column) {
    Integer place = places.get(column);
    return place == null || row.isNullAt(place) ? null : value(row, place);
  }

  private static Object value(Row row, int place) {
    Object value = row.get(place);
    if (value instanceof String || value instanceof Number) {
      return value;
    }
    DataType type = row.schema().fields()[place].dataType();
    if (type instanceof ArrayType) {
      return row.getList(place);
    }
    return type instanceof MapType ? row.getJavaMap(place) : value;
  }

  private static Object field(Row struct, String name) {
    return index(struct.schema(), name).map(struct::get).orElse(null);
  }

  private static Optional<Integer> index(StructType type, String name) {
    int index = Arrays.asList(type.fieldNames()).indexOf(name);
    return index < 0 ? Optional.empty() : Optional.of(index);
  }
}
