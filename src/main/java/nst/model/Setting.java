package nst.model;

import static nst.model.Domain.atLeastZero;
import static nst.model.Domain.choice;
import static nst.model.Domain.share;
import static nst.model.Domain.whole;

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
      "the device that executors compute on. gpu: each task uses the GPU address that Spark gave its executor; if there is no"
          + " GPU, the application stops and does not fall back to the CPU"),
  THREADS(
      "threads",
      whole(1, 256),
      "1",
      "the threads of one evaluation. Two tasks with one thread each are faster than one task with two"),
  WEIGHTS_PATH(
      "weights.path",
      new Domain.Text("embedded, seeded or URIs of safetensors files, separated by commas"),
      "embedded",
      "the networks: safetensors files with torchvision's tensor names, at most one for each backbone; backbone=auto uses the"
          + " first. embedded: the trained VGG16 in the jar, which is available in any case. seeded: untrained networks, for"
          + " tests"),
  WEIGHTS_SHA256(
      "weights.sha256",
      new Domain.Text("64 hex digits"),
      "",
      "the SHA-256 digest of each file, in the order of weights.path; required for files on a cluster"),
  WEIGHTS_INPUT(
      "weights.input",
      new Domain.Text("auto, rgb_standardized or bgr_minus_means, for each file"),
      "auto",
      "the input of each file's first convolution: rgb_standardized (RGB in [0,1], ImageNet's mean and deviation),"
          + " bgr_minus_means (BGR in 0..255 minus Caffe's means). auto: from the file's metadata nst.input, or from its filters"
          + " if they are a known VGG16, or else rgb_standardized with a warning"),
  WEIGHTS_ACTIVATION_SCALE(
      "weights.activation_scale",
      new Domain.Text("auto, caffe, torchvision or a positive number, for each file"),
      "auto",
      "the scale of each file's feature maps: torchvision (1), caffe (57.63) or a number. auto: as for weights.input, from"
          + " nst.activation_scale or the filters, or else torchvision"),
  ALLOWED_PREFIXES(
      "uri.allowed_prefixes",
      new Domain.Text("URI prefixes, separated by commas"),
      "",
      "the folders that rows may read, in addition to the manifest's folder (on S3 its bucket)"),
  MAX_PIXELS(
      "limits.max_pixels",
      whole(1024, 1_000_000_000),
      "100000000",
      "the maximum number of pixels of an input image; larger images are refused before they are decoded"),
  MAX_BYTES(
      "limits.max_bytes",
      whole(1024, 1L << 31),
      "100000000",
      "the maximum size of an input object in bytes; larger objects are refused before they are read"),
  MIN_SIDE(
      "limits.min_side",
      whole(1, 4096),
      "32",
      "the minimum length in pixels of the shorter side of an input image; for smaller images the deep layers have no positions"),
  MAX_ASPECT(
      "limits.max_aspect",
      new Domain.Real(1, 1000, Domain.Real.Bound.INCLUDED),
      "20",
      "the maximum ratio of the longer to the shorter side of an input image"),
  MEMORY_MB(
      "limits.memory_mb",
      whole(0, 100_000_000),
      "0",
      "the memory in MiB outside the heap for one image; the plan refuses a row that needs more. 0: on the CPU the machine's"
          + " memory, or spark.executor.memoryOverhead if it is set, divided by the number of tasks that share it; on a GPU no"
          + " limit"),
  IMAGE_SECONDS(
      "limits.image_seconds",
      whole(1, 1_000_000),
      "7200",
      "the maximum time in seconds that a row may compute; a slower row fails with TIMEOUT"),
  STUCK_SECONDS(
      "limits.stuck_seconds",
      whole(1, 1_000_000),
      "300",
      "a row that does not end within these seconds after limits.image_seconds is stuck in native code: it fails with TIMEOUT, and"
          + " its executor is ended and replaced; on a local master the run ends with exit code 4"),
  OBJECT_SECONDS(
      "limits.object_seconds",
      whole(1, 100_000),
      "120",
      "the maximum time in seconds to read or write one object; if it takes longer, the row fails with TIMEOUT"),
  JOURNAL_ROWS(
      "journal.flush_rows",
      whole(1, 10_000),
      "16",
      "the maximum number of records that a task buffers before it writes them"),
  JOURNAL_SECONDS(
      "journal.flush_seconds",
      whole(1, 3600),
      "20",
      "the maximum age of buffered records in seconds; older ones are written when the next row is done"),
  BATCH_SECONDS(
      "batch.seconds",
      whole(1, 86_400),
      "300",
      "the target length of a task, in seconds. Long tasks share style targets; short tasks lose less work if they fail"),
  BATCH_IMAGES(
      "batch.images",
      whole(1, 64),
      "1",
      "the number of rows that a task computes on its device at the same time. Rows of the same shape share passes through the network. This"
          + " uses a GPU better for small images; on a CPU it has no benefit. With more than 1, the last bits of a result depend on"
          + " the rows that it is computed with"),
  EXECUTOR_WAIT(
      "executors.wait_seconds",
      whole(1, 86_400),
      "900",
      "how many seconds a run waits without any executor that has its device before it ends with exit code 4. Set it longer than the"
          + " start of a node"),
  BREAKER_ROWS(
      "breaker.rows",
      whole(1, 1_000_000),
      "20",
      "the number of consecutive rows with the same storage failure after which the job ends with exit code 4"),
  MAX_FAILED_RATIO(
      "max_failed_ratio",
      share(),
      "0",
      "the maximum ratio of failed rows to all rows with which a run still succeeds"),
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
      "the folder where runs record the measured costs of their rows, which plans read; empty: costs/ in the output"),
  RECORD_SOURCES(
      "record.sources",
      choice(RecordedSources.class),
      "name",
      "how the record inside an image names its inputs. name: by the last part of each URI; uri: by the whole URI, with folders"
          + " and buckets. The table metrics always has the whole URI"),
  PRICE_PER_HOUR("price_per_hour", atLeastZero(), "0", "the price of one device for one hour"),
  REPORT_ROWS(
      "report.rows",
      whole(1, 5_000),
      "200",
      "the maximum number of rows on the report page; failures come first");

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
