package nst.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.cli.config.ConfigResolver;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.job.manifest.ManifestColumns;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.storage.ObjectStore;
import nst.storage.UserUri;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Checks the parameters of a transformer with the columns of a data set. It reads no file. */
final class TransformerCheck {
  /** The only engine, with the name that DJL gives it. */
  static final String ENGINE = "PyTorch";

  private final TransformerParameters given;
  private final StructType schema;
  private final Problems problems = new Problems();

  /**
   * What was found.
   *
   * @param style the column of style images; at most one
   * @param styles the absolute URIs of the style images that the driver reads
   * @param knobs the places of the columns of knobs
   */
  record Checked(
      RunConfig config,
      PictureColumn content,
      List<PictureColumn> style,
      List<String> styles,
      Map<String, Integer> knobs,
      OutputColumns output,
      int batchSize) {

    /** The folders that rows may read. */
    List<String> allowedPrefixes() {
      return Stream.of(config.text(Setting.ALLOWED_PREFIXES).split(",", -1))
          .filter(prefix -> !prefix.isEmpty())
          .toList();
    }

    /**
     * Reads the style images, and decodes them once: a faulty one is a fault of all rows.
     *
     * @param bytes receives their bytes by URI
     * @throws TransferException if one cannot be read or decoded
     */
    void readStyles(ObjectStore store, Map<String, byte[]> bytes) {
      ImageDecoder decoder = new ImageDecoder(ImageLimits.of(config));
      for (String uri : styles) {
        try {
          byte[] image = store.read(uri, config.whole(Setting.MAX_BYTES));
          decoder.decode(image);
          bytes.put(uri, image);
        } catch (TransferException e) {
          String where = e.getMessage().contains(uri) ? "" : " (" + uri + ")";
          throw new TransferException(e.code(), "style: " + e.getMessage() + where, e);
        }
      }
    }
  }

  TransformerCheck(TransformerParameters given, StructType schema) {
    this.given = given;
    this.schema = schema;
  }

  /**
   * Checks everything.
   *
   * @throws IllegalArgumentException with all faults
   */
  Checked checked() {
    RunConfig config = config();
    Optional<PictureColumn> content = content();
    Optional<PictureColumn> style =
        given.styleCol().flatMap(name -> column("styleCol", List.of(name)));
    List<String> styles = styles();
    if (styles.isEmpty() && given.styleCol().isEmpty()) {
      add("style", "expected style images in style or a column of them in styleCol, was none");
    }
    Stream.of(content, style)
        .flatMap(Optional::stream)
        .filter(column -> column.kind() == PictureColumn.Kind.URI)
        .filter(column -> config.text(Setting.ALLOWED_PREFIXES).isEmpty())
        .forEach(
            column ->
                add(
                    Setting.ALLOWED_PREFIXES.key(),
                    "expected the folders that the URIs of column "
                        + column.name()
                        + " may be in, was none. Call setAllowedPrefixes, or read the files with"
                        + " Spark's data source binaryFile"));
    Map<String, Integer> knobs = knobs();
    OutputColumns output = output();
    if (given.batchSize() < 1) {
      add("batchSize", "expected at least 1, was " + given.batchSize());
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.list().stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }
    return new Checked(
        config,
        content.orElseThrow(),
        style.stream().toList(),
        styles,
        knobs,
        output,
        given.batchSize());
  }

  private void add(String param, String message) {
    problems.add(given.uid(), param, message);
  }

  private RunConfig config() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String option : given.options()) {
      String[] pair = option.split("=", 2);
      if (pair.length == 2) {
        values.put(pair[0].strip(), pair[1]);
      } else {
        add("options", "expected key=value, was " + option);
      }
    }
    if (!given.engine().equals(ENGINE)) {
      add("engine", "expected " + ENGINE + ", was " + given.engine());
    }
    given
        .modelUrl()
        .map(url -> values.put(Setting.WEIGHTS_PATH.key(), url))
        .ifPresent(named -> add("modelUrl", "expected it or the option weights.path, were both"));
    RunConfig config = ConfigResolver.resolve(values, given.uid(), problems);
    if (config.whole(Setting.BATCH_IMAGES) != 1) {
      add(
          Setting.BATCH_IMAGES.key(),
          "expected 1, was "
              + config.text(Setting.BATCH_IMAGES)
              + ": a task of a transformer computes one picture at a time");
    }
    return config;
  }

  private Optional<PictureColumn> content() {
    List<String> names = given.inputCols();
    return column(names.size() == 1 ? "inputCol" : "inputCols", names);
  }

  private Optional<PictureColumn> column(String param, List<String> names) {
    try {
      return Optional.of(PictureColumn.in(schema, names));
    } catch (IllegalArgumentException e) {
      add(param, e.getMessage());
      return Optional.empty();
    }
  }

  private List<String> styles() {
    List<String> uris = new ArrayList<>();
    for (String typed : given.style()) {
      try {
        uris.add(UserUri.absolute(typed));
      } catch (IllegalArgumentException e) {
        add("style", e.getMessage());
      }
    }
    return uris;
  }

  private Map<String, Integer> knobs() {
    Map<String, Integer> places = new TreeMap<>();
    for (String name : given.knobCols()) {
      int place = Arrays.asList(schema.fieldNames()).indexOf(name);
      Optional<Knob> knob = Knob.named(name);
      if (place < 0) {
        add("knobCols", "expected a column of the data set, was " + name);
      } else if (knob.isEmpty() && !name.equals(RunConfig.PRESET)) {
        add(
            "knobCols",
            "expected preset or the key of a knob (docs/manifest.md lists them), was " + name);
      } else {
        typeFault(knob, schema.fields()[place].dataType()).ifPresent(words -> add(name, words));
        places.put(name, place);
      }
    }
    return places;
  }

  private static Optional<String> typeFault(Optional<Knob> knob, DataType type) {
    if (knob.isPresent()) {
      return ManifestColumns.fault(knob.get(), type);
    }
    return type.equals(DataTypes.StringType)
        ? Optional.empty()
        : Optional.of("expected a string, was " + type.simpleString());
  }

  private OutputColumns output() {
    Optional<OutputColumns.Type> type = OutputColumns.Type.named(given.outputType());
    if (type.isEmpty()) {
      add("outputType", "expected binary or image, was " + given.outputType());
    }
    OutputColumns output =
        new OutputColumns(
            given.outputCol(),
            given.errorCol(),
            given.metricsCol(),
            type.orElse(OutputColumns.Type.BINARY));
    List<String> taken = new ArrayList<>(Arrays.asList(schema.fieldNames()));
    for (String name : output.names()) {
      if (taken.stream().anyMatch(name::equalsIgnoreCase)) {
        add(name, "expected the name of a new column, was one that exists");
      }
      taken.add(name);
    }
    return output;
  }
}
