package nst.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nst.job.executor.MemoryLimit;
import nst.job.executor.Session;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.storage.HadoopObjectStore;
import nst.storage.UriPolicy;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Stylises the pictures of a column: a stage of a Spark ML pipeline, on the engine that {@code run}
 * uses. The names of its parameters are those of DJL's Spark extension where both have one.
 *
 * <p>Each row keeps its columns and gets the picture and an error, of which one is null. A row that
 * cannot be computed never fails the job. Like every transformation of Spark, this one is lazy, and
 * each action computes the pictures again: write or persist the result before you use it twice.
 *
 * <p>The parameters are checked when the schema is transformed. Errors are {@link
 * IllegalArgumentException}s that list all faults. docs/library.md describes all parameters.
 */
public class NstTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private static final int DEFAULT_BATCH = 10;

  private final String uid;
  private final Param<String> inputCol;
  private final StringArrayParam inputCols;
  private final Param<String> outputCol;
  private final Param<String> errorCol;
  private final Param<String> metricsCol;
  private final Param<String> outputType;
  private final StringArrayParam style;
  private final Param<String> styleCol;
  private final StringArrayParam knobCols;
  private final StringArrayParam options;
  private final Param<String> engine;
  private final Param<String> modelUrl;
  private final IntParam batchSize;

  public NstTransformer() {
    this(Identifiable$.MODULE$.randomUID("NstTransformer"));
  }

  /**
   * Creates a transformer with default parameters.
   *
   * @param uid unique in a pipeline
   */
  @SuppressWarnings("this-escape") // Spark's parameters refer to their owner
  public NstTransformer(String uid) {
    this.uid = uid;
    inputCol =
        new Param<>(
            this,
            "inputCol",
            "the photos: bytes of image files, URIs, or images of Spark's source");
    inputCols =
        new StringArrayParam(
            this, "inputCols", "the six columns of an image, instead of inputCol: origin to data");
    outputCol = new Param<>(this, "outputCol", "the new column of the pictures");
    errorCol =
        new Param<>(this, "errorCol", "the new column of errors; default: outputCol + _error");
    metricsCol =
        new Param<>(this, "metricsCol", "the new column of losses and times; default: none");
    outputType =
        new Param<>(
            this, "outputType", "binary: bytes of image files; image: images of Spark's source");
    style =
        new StringArrayParam(
            this,
            "style",
            "paths or URIs of style images, which the driver reads; blended equally");
    styleCol =
        new Param<>(
            this, "styleCol", "the style image of each row, in the forms of inputCol; null: style");
    knobCols =
        new StringArrayParam(
            this, "knobCols", "columns with the names of knobs, or preset; their values override");
    options = new StringArrayParam(this, "options", "key=value for any knob or setting");
    engine = new Param<>(this, "engine", "the engine of DJL: PyTorch");
    modelUrl =
        new Param<>(
            this, "modelUrl", "the network, as weights.path: embedded, or a safetensors file");
    batchSize =
        new IntParam(
            this, "batchSize", "rows that a task holds together; does not change pictures");
    setDefault(inputCol, "content");
    setDefault(outputCol, "stylized");
    setDefault(metricsCol, "");
    setDefault(outputType, OutputColumns.Type.BINARY.label());
    setDefault(style, new String[0]);
    setDefault(knobCols, new String[0]);
    setDefault(options, new String[0]);
    setDefault(engine, TransformerCheck.ENGINE);
    setDefault(modelUrl, "embedded");
    setDefault(batchSize, DEFAULT_BATCH);
  }

  @Override
  public String uid() {
    return uid;
  }

  public NstTransformer setInputCol(String value) {
    set(inputCol, value);
    return this;
  }

  /** Sets the six columns of an image: origin, height, width, nChannels, mode, data. */
  public NstTransformer setInputCols(String[] value) {
    set(inputCols, value);
    return this;
  }

  public NstTransformer setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  public NstTransformer setErrorCol(String value) {
    set(errorCol, value);
    return this;
  }

  public NstTransformer setMetricsCol(String value) {
    set(metricsCol, value);
    return this;
  }

  /** Sets the form of the pictures: {@code binary} or {@code image}. */
  public NstTransformer setOutputType(String value) {
    set(outputType, value);
    return this;
  }

  /** Sets the style images of all rows, blended in equal parts. The driver reads them once. */
  public NstTransformer setStyle(String... value) {
    set(style, value);
    return this;
  }

  public NstTransformer setStyleCol(String value) {
    set(styleCol, value);
    return this;
  }

  /** Sets the columns whose values override knobs; their names are the keys of the knobs. */
  public NstTransformer setKnobCols(String... value) {
    set(knobCols, value);
    return this;
  }

  /** Replaces all options: {@code key=value} for knobs and settings. */
  public NstTransformer setOptions(String... value) {
    set(options, value);
    return this;
  }

  /** Adds an option: a knob such as {@code image_size}, {@code preset}, or a setting. */
  public NstTransformer setOption(String key, Object value) {
    return setOptions(
        Stream.concat(Arrays.stream(getOrDefault(options)), Stream.of(key + "=" + value))
            .toArray(String[]::new));
  }

  public NstTransformer setPreset(String value) {
    return setOption(RunConfig.PRESET, value);
  }

  /** Sets the folders in or below which the URIs of rows may be. */
  public NstTransformer setAllowedPrefixes(String... value) {
    return setOption(Setting.ALLOWED_PREFIXES.key(), String.join(",", value));
  }

  public NstTransformer setEngine(String value) {
    set(engine, value);
    return this;
  }

  public NstTransformer setModelUrl(String value) {
    set(modelUrl, value);
    return this;
  }

  public NstTransformer setBatchSize(int value) {
    set(batchSize, value);
    return this;
  }

  /**
   * The columns after this stage.
   *
   * @throws IllegalArgumentException with all faults of the parameters and the columns
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return new TransformerCheck(parameters(), schema).checked().output().added(schema);
  }

  /**
   * Adds the pictures. This reads the style images and the network; the pictures are computed when
   * the result is used.
   *
   * @throws IllegalArgumentException with all faults of the parameters, the columns and the styles
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    TransformerCheck.Checked checked =
        new TransformerCheck(parameters(), dataset.schema()).checked();
    SparkSession spark = dataset.sparkSession();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopObjectStore store = new HadoopObjectStore(hadoop);
    RunConfig config = checked.config();
    Map<String, byte[]> styles = new HashMap<>();
    Networks networks;
    try {
      if (config.device() == Setting.Device.GPU) {
        Session.requireOneGpuATask(spark.sparkContext().conf());
      }
      networks = Networks.of(config, store, ExecutionMode.of(spark.sparkContext().master()));
      checked.readStyles(store, styles);
    } catch (InvalidInputException | TransferException e) {
      throw new IllegalArgumentException(uid + ": " + e.getMessage(), e);
    }
    RowRequests requests =
        new RowRequests(
            checked.content(),
            checked.style(),
            checked.styles(),
            checked.knobs(),
            config,
            networks,
            new UriPolicy(checked.allowedPrefixes()).trusting(config.defaults().uris()),
            MemoryLimit.of(spark, config));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    StylizedRows rows =
        new StylizedRows(
            uid,
            requests,
            checked.output(),
            checked.batchSize(),
            context.broadcast(styles),
            context.broadcast(new SerializableConfiguration(hadoop)));
    return dataset
        .toDF()
        .mapPartitions(rows, Encoders.row(checked.output().added(dataset.schema())));
  }

  private TransformerParameters parameters() {
    return new TransformerParameters(
        uid,
        isSet(inputCols) ? List.of(getOrDefault(inputCols)) : List.of(getOrDefault(inputCol)),
        getOrDefault(outputCol),
        isSet(errorCol) ? getOrDefault(errorCol) : getOrDefault(outputCol) + "_error",
        getOrDefault(metricsCol),
        getOrDefault(outputType),
        List.of(getOrDefault(style)),
        isSet(styleCol) ? Optional.of(getOrDefault(styleCol)) : Optional.empty(),
        List.of(getOrDefault(knobCols)),
        List.of(getOrDefault(options)),
        getOrDefault(engine),
        isSet(modelUrl) ? Optional.of(getOrDefault(modelUrl)) : Optional.empty(),
        (Integer) getOrDefault(batchSize));
  }

  @Override
  public NstTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@code save} has written; pipelines call it. */
  public static MLReader<NstTransformer> read() {
    return new DefaultParamsReader<>();
  }

  public static NstTransformer load(String path) {
    return read().load(path);
  }

  // Spark finds the parameters by these methods.

  public Param<String> inputCol() {
    return inputCol;
  }

  public StringArrayParam inputCols() {
    return inputCols;
  }

  public Param<String> outputCol() {
    return outputCol;
  }

  public Param<String> errorCol() {
    return errorCol;
  }

  public Param<String> metricsCol() {
    return metricsCol;
  }

  public Param<String> outputType() {
    return outputType;
  }

  public StringArrayParam style() {
    return style;
  }

  public Param<String> styleCol() {
    return styleCol;
  }

  public StringArrayParam knobCols() {
    return knobCols;
  }

  public StringArrayParam options() {
    return options;
  }

  public Param<String> engine() {
    return engine;
  }

  public Param<String> modelUrl() {
    return modelUrl;
  }

  public IntParam batchSize() {
    return batchSize;
  }
}
