package nst.model;

import static nst.model.Domain.atLeastZero;
import static nst.model.Domain.autoOr;
import static nst.model.Domain.choice;
import static nst.model.Domain.share;
import static nst.model.Domain.whole;
import static nst.model.Domain.zeroOr;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of a run that do not affect its images: configuration keys with their defaults.
 * The parameters of an image are {@link Knob}s.
 */
public enum Setting {
  DEVICE(
      "device",
      choice(Device.class),
      "cpu",
      "the device of the executors. gpu: each task uses the GPU address that Spark assigned to its executor; if it is"
          + " absent, the application stops, and the CPU is never used instead"),
  THREADS(
      "threads",
      whole(1, 256),
      "1",
      "threads of one evaluation. Two tasks with one thread each are faster than one task"
          + " with two"),
  TILE_SIZE(
      "tile_size",
      zeroOr(64, 65_535),
      "0",
      "the longest side, in pixels, of the tiles in which larger pictures are computed; 0: no tiles. The pictures are the"
          + " same, apart from rounding. The memory for feature maps is that of one tile, and an evaluation takes at least"
          + " half as much time again (docs/performance.md#tiles)"),
  WEIGHTS_PATH(
      "weights.path",
      new Domain.Text("embedded, seeded or URIs of safetensors files, separated by commas"),
      "embedded",
      "the networks: safetensors files with torchvision's tensor names, at most one for"
          + " each backbone; backbone=auto means the first. embedded: the trained VGG16 in the"
          + " jar, which is always available in addition. seeded: untrained networks, for tests"),
  WEIGHTS_SHA256(
      "weights.sha256",
      new Domain.Text("64 hex digits"),
      "",
      "the SHA-256 of each file, in the order of weights.path; required for files on a"
          + " cluster"),
  WEIGHTS_INPUT(
      "weights.input",
      new Domain.Text("auto, rgb_standardized or bgr_minus_means, for each file"),
      "auto",
      "the input that each file's first convolution expects: rgb_standardized (RGB in"
          + " [0,1], ImageNet's mean and deviation), bgr_minus_means (BGR in 0..255 minus Caffe's"
          + " means). auto: the file's metadata nst.input; otherwise recognised from its filters"
          + " if they are those of a known VGG16; otherwise rgb_standardized with a warning"),
  WEIGHTS_ACTIVATION_SCALE(
      "weights.activation_scale",
      new Domain.Text("auto, caffe, torchvision or a positive number, for each file"),
      "auto",
      "the scale of each file's feature maps: torchvision (1), caffe (57.63) or a number."
          + " auto: as for weights.input, from nst.activation_scale, otherwise torchvision"),
  ALLOWED_PREFIXES(
      "uri.allowed_prefixes",
      new Domain.Text("URI prefixes, separated by commas"),
      "",
      "prefixes below which rows may read, in addition to the manifest's own folder (on S3"
          + " its bucket)"),
  MAX_PIXELS(
      "limits.max_pixels",
      whole(1024, 1_000_000_000),
      "100000000",
      "a picture with more pixels is rejected from its header, before it is decoded"),
  MAX_BYTES(
      "limits.max_bytes",
      whole(1024, 1L << 31),
      "100000000",
      "an object with more bytes is rejected before it is read"),
  MIN_SIDE(
      "limits.min_side",
      whole(1, 4096),
      "32",
      "a picture with a shorter side is rejected, because the deep layers would see nothing"),
  MAX_ASPECT(
      "limits.max_aspect",
      new Domain.Real(1, 1000, Domain.Real.Bound.INCLUDED),
      "20",
      "a picture with a larger ratio of the longer to the shorter side is rejected"),
  MEMORY_MB(
      "limits.memory_mb",
      whole(0, 100_000_000),
      "0",
      "MiB that one picture may use in addition to the process; the plan rejects a row that"
          + " would use more. 0: on the CPU, the machine's memory, or"
          + " spark.executor.memoryOverhead if it is set, divided by the tasks that share it; on"
          + " a GPU, no limit"),
  IMAGE_SECONDS(
      "limits.image_seconds",
      whole(1, 1_000_000),
      "7200",
      "a row that takes longer fails with TIMEOUT"),
  STUCK_SECONDS(
      "limits.stuck_seconds",
      whole(1, 1_000_000),
      "300",
      "a row that is still running this long after limits.image_seconds is stuck in native"
          + " code: it fails with TIMEOUT, and its executor is ended and replaced; on a local"
          + " master the run ends with exit code 4"),
  OBJECT_SECONDS(
      "limits.object_seconds",
      whole(1, 100_000),
      "120",
      "an object that takes longer to read or write fails its row with TIMEOUT"),
  JOURNAL_ROWS(
      "journal.flush_rows",
      whole(1, 10_000),
      "16",
      "the largest number of records that a task holds before it writes them"),
  JOURNAL_SECONDS(
      "journal.flush_seconds",
      whole(1, 3600),
      "20",
      "if a record was held for longer, it is written when the next row is done"),
  BATCH_SECONDS(
      "batch.seconds",
      whole(1, 86_400),
      "300",
      "the length of a task: long enough to share style targets, short enough to be"
          + " repeated if it is lost"),
  BATCH_IMAGES(
      "batch.images",
      autoOr(1, 64),
      "1",
      "rows that a task computes at the same time. Rows of one shape share passes through"
          + " the network, which is faster if images are small. auto: the run measures passes"
          + " of 1, 2, 4 and more images of a typical row's size, and takes the fastest. With"
          + " more than 1, the last bits of a result depend on the other rows"),
  EXECUTOR_WAIT(
      "executors.wait_seconds",
      whole(1, 86_400),
      "900",
      "how long a run waits if no executor has its device, before it ends with exit code 4;"
          + " must be longer than the start of a node"),
  BREAKER_ROWS(
      "breaker.rows",
      whole(1, 1_000_000),
      "20",
      "the number of successive rows that storage refuses with the same answer before the"
          + " job ends with exit code 4"),
  MAX_FAILED_RATIO(
      "max_failed_ratio",
      share(),
      "0",
      "the largest share of failed rows with which a run still succeeds; exactly this share"
          + " is allowed"),
  RETRY(
      "retry",
      choice(Retry.class),
      "none",
      "which failed rows of an earlier attempt of this run_id are tried again"),
  DEVICES(
      "devices",
      whole(0, 1_000_000),
      "0",
      "the number of devices to plan for; 0: as many as the application has"),
  COSTS_PATH(
      "costs.path",
      new Domain.Text("a URI of a folder"),
      "",
      "the folder in which runs record their measured costs and plans read them; none:"
          + " costs/ in the output"),
  METRICS_TABLE(
      "metrics.table",
      new Domain.Text("the name of a table in Spark SQL, such as lake.nst.metrics"),
      "",
      "a table of Delta Lake or Iceberg that also gets the rows of metrics, with run_date and run_id. It is created if it"
          + " does not exist. Its catalogue and jar are in Spark's configuration (docs/outputs.md#delta-lake-and-iceberg)."
          + " Empty: none"),
  MEASURE_LOSSES(
      "measure_losses",
      choice(MeasuredRows.class),
      "all",
      "which rows of a run have their losses measured, of those with init=network and num_iterations=0. For such rows the"
          + " measurement costs more than the picture. sampled: one row in a hundred, chosen by its key; the losses of the"
          + " others are null. The pictures are the same. Other rows are always measured"),
  RECORD_SOURCES(
      "record.sources",
      choice(RecordedSources.class),
      "name",
      "how the record inside a picture names its inputs. name: the last part of each URI;"
          + " uri: the whole URI, with folders and buckets. metrics always has the whole URI"),
  AMORTIZE(
      "amortize",
      choice(Amortize.class),
      "off",
      "whether a run may train style networks. auto: for each group of rows with the same styles and objective, it compares"
          + " the predicted cost of optimising each row with that of training a network once and refining its pictures,"
          + " and takes the cheaper way. Never for rows whose init is set, by the row or the configuration. The pictures"
          + " differ from those of off"),
  PRICE_PER_HOUR("price_per_hour", atLeastZero(), "0", "price of one device for one hour"),
  REPORT_ROWS(
      "report.rows",
      whole(1, 5_000),
      "200",
      "the number of rows whose large pictures and curves are on the page: failed rows, the worst, and rows drawn by chance"),
  REPORT_THUMBNAILS(
      "report.thumbnails",
      whole(0, 1_000_000),
      "10000",
      "the number of rows whose thumbnails are beside the page; for further rows it loads the saved images"),
  REPORT_LAYOUT(
      "report.layout",
      choice(ReportLayout.class),
      "folder",
      "folder: pictures and data are files beside the page, loaded when they are needed; file: the page is one file, for"
          + " small runs, with the pictures that report.rows allows"),
  REPORT_WATCH_SECONDS(
      "report.watch_seconds",
      whole(0, 86_400),
      "0",
      "the interval in which a run in progress writes its page, with the rows that are finished and pictures of those in progress;"
          + " 0: only at the end. run --watch sets it to 60");

  /** The type of device that computes. */
  public enum Device {
    CPU,
    GPU
  }

  /** Which failed rows of an earlier attempt are retried. */
  public enum Retry {
    NONE,
    TRANSIENT,
    ALL
  }

  /** Whether a run may train style networks where that is cheaper. */
  public enum Amortize {
    OFF,
    AUTO
  }

  /** Which rows that take a network's picture as it is have their losses measured. */
  public enum MeasuredRows {
    ALL,
    SAMPLED
  }

  /** Where the pictures and the data of a page are. */
  public enum ReportLayout {
    FOLDER,
    FILE
  }

  /** How the record inside an image names its inputs. */
  public enum RecordedSources {
    NAME,
    URI
  }

  private final String key;
  private final Domain domain;
  private final String defaultText;
  private final String meaning;

  Setting(String key, Domain domain, String defaultText, String meaning) {
    this.key = key;
    this.domain = domain;
    this.defaultText = defaultText;
    this.meaning = meaning;
  }

  /** The configuration key: {@code weights.path}. */
  public String key() {
    return key;
  }

  /** The flag: {@code --weights-path}. */
  public String flag() {
    return "--" + key.replace('_', '-').replace('.', '-');
  }

  public Domain domain() {
    return domain;
  }

  public String defaultText() {
    return defaultText;
  }

  public String meaning() {
    return meaning;
  }

  public static Optional<Setting> named(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  public static List<String> keys() {
    return Arrays.stream(values()).map(Setting::key).toList();
  }
}
