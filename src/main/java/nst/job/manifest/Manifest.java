package nst.job.manifest;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import nst.job.network.Networks;
import nst.job.network.Recipe;
import nst.model.Domain;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.text.ShortText;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Converts the rows of a manifest to requests. Each task checks the rows that it reads. */
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

  private final String uri;
  private final String folder;
  private final UriPolicy policy;
  private final RunConfig config;
  private final Networks networks;

  private final ManifestValues values;

  /**
   * Creates the rules for a manifest.
   *
   * @param uri absolute URI of the manifest; relative URIs in rows are resolved against its folder
   * @param networks the networks that rows may use
   * @param schema columns that passed {@link ManifestColumns#check}
   */
  Manifest(String uri, UriPolicy policy, RunConfig config, Networks networks, StructType schema) {
    this.uri = uri;
    this.folder = Uris.folder(uri);
    this.policy = policy;
    this.config = config;
    this.networks = networks;
    this.values = new ManifestValues(schema);
  }

  /** The absolute URI of the manifest. */
  public String uri() {
    return uri;
  }

  /**
   * The id of a row. A row without an id is named by its number. Whole numbers are written without
   * decimals, even if the column has type double.
   */
  public String id(Row row, long number) {
    Object id = values.value(row, ManifestColumns.ID);
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

  /** Whether a row sets its start image itself. */
  public boolean statesInit(Row row) {
    return !values.text(row, Knob.INIT.key()).isEmpty();
  }

  /**
   * Converts a row to a request.
   *
   * @throws TransferException with all faults of the row in one message
   */
  public TransferRequest request(Row row, long number) {
    String id = id(row, number);
    if (values.value(row, ManifestColumns.ID) instanceof Number given && !isWhole(given)) {
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
    requireReadable(row, id);
    RowFaults faults = new RowFaults();
    String content = uri(row, ManifestColumns.CONTENT, faults);
    List<TransferRequest.Style> styles = styles(row, faults);
    Recipe recipe = recipe(row, id, faults);
    String version = version(row, faults);
    faults.throwIfAny(id);
    return new TransferRequest(
        id, content, version, styles, recipe.hyperparameters(), recipe.substitutedLayers());
  }

  /**
   * The photo of a row, whatever the row's other columns say.
   *
   * @return its absolute URI and its version
   * @throws TransferException if it is invalid or may not be read
   */
  public String[] content(Row row, long number) {
    requireReadable(row, id(row, number));
    RowFaults faults = new RowFaults();
    String content = uri(row, ManifestColumns.CONTENT, faults);
    String version = version(row, faults);
    faults.throwIfAny(id(row, number));
    return new String[] {content, version};
  }

  private void requireReadable(Row row, String id) {
    values
        .fault(row)
        .ifPresent(
            fault -> {
              throw new TransferException(
                  ErrorCode.INVALID_PARAMETER, "Invalid row id=" + id + ": " + fault);
            });
  }

  private String version(Row row, RowFaults faults) {
    String version = values.text(row, ManifestColumns.CONTENT_VERSION);
    if (version.length() > MAX_TEXT_LENGTH) {
      faults.add(ManifestColumns.CONTENT_VERSION, tooLong("a version", version));
    }
    if (!Redactor.isClean(version)) {
      faults.add(
          ManifestColumns.CONTENT_VERSION,
          "expected a version without credentials, was " + version);
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

  private Recipe recipe(Row row, String id, RowFaults faults) {
    Hyperparameters base = config.defaults();
    String preset = values.text(row, RunConfig.PRESET);
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
    values
        .knobs(row)
        .forEach(
            (knob, value) -> {
              try {
                stated.put(knob, knob.domain().parse(value));
              } catch (IllegalArgumentException e) {
                faults.add(knob.key(), e.getMessage());
              }
            });
    for (Knob knob : Knob.ofUris()) {
      stated.computeIfPresent(
          knob,
          (same, uri) -> same.isEmbedded(uri) ? uri : optionalAbsolute(knob.key(), uri, faults));
    }
    Problems problems = new Problems();
    Recipe recipe = Recipe.of(base, stated, networks, "row id=" + id, problems);
    problems.list().forEach(problem -> faults.add(problem.column(), problem.message()));
    return recipe;
  }

  private List<TransferRequest.Style> styles(Row row, RowFaults faults) {
    boolean one = !values.text(row, ManifestColumns.STYLE).isEmpty();
    boolean several = values.value(row, ManifestColumns.STYLES) != null;
    if (one == several) {
      faults.add(
          ManifestColumns.STYLE,
          "expected exactly one of style and styles, found " + (one ? "both" : "none"));
      return List.of();
    }
    if (one) {
      return List.of(
          new TransferRequest.Style(
              uri(row, ManifestColumns.STYLE, faults),
              1,
              optionalUri(row, ManifestColumns.MASK, faults),
              optionalUri(row, ManifestColumns.STYLE_MASK, faults)));
    }
    List<TransferRequest.Style> styles = new ArrayList<>();
    double sum = 0;
    for (Row style : row.<Row>getList(row.fieldIndex(ManifestColumns.STYLES))) {
      Object weight = style == null ? null : ManifestValues.field(style, "weight");
      double share = weight == null ? 1 : ((Number) weight).doubleValue();
      if (style == null
          || ManifestValues.field(style, "uri") == null
          || ManifestValues.field(style, "uri").toString().isBlank()
          || !(share > 0)
          || Double.isInfinite(share)) {
        faults.add(
            ManifestColumns.STYLES,
            "expected a uri and a positive weight for each style, was "
                + ShortText.quoted(String.valueOf(style)));
        continue;
      }
      sum += share;
      styles.add(
          new TransferRequest.Style(
              absolute(
                  ManifestColumns.STYLES,
                  ManifestValues.field(style, "uri").toString().strip(),
                  faults),
              share,
              optionalAbsolute(
                  ManifestColumns.MASK, ManifestValues.field(style, ManifestColumns.MASK), faults),
              optionalAbsolute(
                  ManifestColumns.STYLE_MASK,
                  ManifestValues.field(style, ManifestColumns.STYLE_MASK),
                  faults)));
    }
    if (styles.isEmpty() && !faults.hasInvalid()) {
      faults.add(ManifestColumns.STYLES, "expected at least one style, was an empty array");
    }
    double total = sum;
    return styles.stream()
        .map(s -> new TransferRequest.Style(s.uri(), s.weight() / total, s.mask(), s.styleMask()))
        .toList();
  }

  private String uri(Row row, String column, RowFaults faults) {
    String typed = values.text(row, column);
    if (typed.isEmpty()) {
      faults.add(
          column, "expected a URI, was " + (values.value(row, column) == null ? "null" : "blank"));
      return "";
    }
    return absolute(column, typed, faults);
  }

  private String optionalUri(Row row, String column, RowFaults faults) {
    return optionalAbsolute(column, values.value(row, column), faults);
  }

  private String optionalAbsolute(String column, Object typed, RowFaults faults) {
    return typed == null || typed.toString().isBlank()
        ? ""
        : absolute(column, typed.toString().strip(), faults);
  }

  private String absolute(String column, String typed, RowFaults faults) {
    if (typed.length() > MAX_TEXT_LENGTH) {
      faults.add(column, tooLong("a URI", typed));
      return "";
    }
    try {
      String absolute = Uris.resolve(folder, typed);
      policy.refusal(absolute, typed).ifPresent(words -> faults.forbid(column, words));
      return absolute;
    } catch (IllegalArgumentException e) {
      if (Redactor.isClean(typed)) {
        faults.add(column, e.getMessage());
      } else {
        faults.forbid(column, e.getMessage());
      }
      return "";
    }
  }
}
