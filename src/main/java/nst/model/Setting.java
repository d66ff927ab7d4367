package nst.model;

import static nst.model.Domain.atLeastZero;
import static nst.model.Domain.choice;
import static nst.model.Domain.share;
import static nst.model.Domain.whole;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every value that shapes a run and not a picture: a configuration key, with its default. The
 * picture's own are {@link Knob}s.
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
      "threads of one evaluation. Two tasks with one thread each beat one task with two"),
  WEIGHTS_PATH(
      "weights.path",
      new Domain.Text("embedded, seeded or URIs of safetensors files, separated by commas"),
      "embedded",
      "the networks: safetensors files with torchvision's tensor names, at most one for each backbone; the first is what"
          + " backbone=auto means. embedded: the trained VGG16 in the jar, which is there besides. seeded: untrained networks, for"
          + " tests"),
  WEIGHTS_SHA256(
      "weights.sha256",
      new Domain.Text("64 hex digits"),
      "",
      "what each file's SHA-256 must be, in the order of weights.path; required for files on a cluster"),
  WEIGHTS_INPUT(
      "weights.input",
      new Domain.Text("auto, rgb_standardized or bgr_minus_means, for each file"),
      "auto",
      "what each file's first convolution expects: rgb_standardized (RGB in [0,1], ImageNet's mean and deviation),"
          + " bgr_minus_means (BGR in 0..255 minus Caffe's means). auto: the file's metadata nst.input, else its filters where"
          + " they are VGG16's known ones, else rgb_standardized with a warning"),
  WEIGHTS_ACTIVATION_SCALE(
      "weights.activation_scale",
      new Domain.Text("auto, caffe, torchvision or a positive number, for each file"),
      "auto",
      "how large each file's feature maps are: torchvision (1), caffe (57.63) or a number. auto: as for weights.input, from"
          + " nst.activation_scale, else torchvision"),
  ALLOWED_PREFIXES(
      "uri.allowed_prefixes",
      new Domain.Text("URI prefixes, separated by commas"),
      "",
      "where rows may read, besides the manifest's own folder (on S3 its bucket)"),
  MAX_PIXELS(
      "limits.max_pixels",
      whole(1024, 1_000_000_000),
      "100000000",
      "a picture with more is refused from its header, before a byte of it is decoded"),
  MAX_BYTES(
      "limits.max_bytes",
      whole(1024, 1L << 31),
      "100000000",
      "an object with more is refused before it is read"),
  MIN_SIDE(
      "limits.min_side",
      whole(1, 4096),
      "32",
      "a picture with a shorter side is refused: the deep layers would see nothing"),
  MAX_ASPECT(
      "limits.max_aspect",
      new Domain.Real(1, 1000, Domain.Real.Bound.INCLUDED),
      "20",
      "a picture with a longer side over its shorter is refused"),
  MEMORY_MB(
      "limits.memory_mb",
      whole(0, 100_000_000),
      "0",
      "MiB that one picture may take beside the process; a row that would take more is refused by the plan. 0: on the CPU"
          + " what the machine has, or spark.executor.memoryOverhead where it is set, over the tasks that share it; on a GPU"
          + " no limit"),
  IMAGE_SECONDS(
      "limits.image_seconds",
      whole(1, 1_000_000),
      "7200",
      "a row that computes longer fails with TIMEOUT"),
  STUCK_SECONDS(
      "limits.stuck_seconds",
      whole(1, 1_000_000),
      "300",
      "a row that is still at it so long after limits.image_seconds is stuck in native code: it fails with TIMEOUT, and its"
          + " executor is ended and replaced; on a local master the run ends with exit code 4"),
  OBJECT_SECONDS(
      "limits.object_seconds",
      whole(1, 100_000),
      "120",
      "an object that takes longer to read or write fails its row with TIMEOUT"),
  JOURNAL_ROWS("journal.flush_rows", whole(1, 10_000), "16", "records a task holds back at most"),
  JOURNAL_SECONDS(
      "journal.flush_seconds",
      whole(1, 3600),
      "20",
      "a record that was held back for longer is written when the next row is done"),
  BATCH_SECONDS(
      "batch.seconds",
      whole(1, 86_400),
      "300",
      "the length of a task: long enough to share style targets, short enough to lose"),
  BATCH_IMAGES(
      "batch.images",
      whole(1, 64),
      "1",
      "rows that a task has on its device at once. Those of one shape share passes through the network, which fills a GPU that"
          + " one small image leaves idle; on a CPU it gains nothing. With more than 1 the last bits depend on the company"),
  EXECUTOR_WAIT(
      "executors.wait_seconds",
      whole(1, 86_400),
      "900",
      "how long a run may be without any executor that has its device before it gives up with exit code 4: longer than a"
          + " node takes to start"),
  BREAKER_ROWS(
      "breaker.rows",
      whole(1, 1_000_000),
      "20",
      "rows in a row that storage refuses with the same answer before the job gives up with exit code 4"),
  MAX_FAILED_RATIO(
      "max_failed_ratio",
      share(),
      "0",
      "failed rows over all rows that are still a success; exactly this many are allowed"),
  RETRY(
      "retry",
      choice(Retry.class),
      "none",
      "which failed rows of an earlier try of this run_id are tried again"),
  DEVICES(
      "devices",
      whole(0, 1_000_000),
      "0",
      "how many devices to plan for; 0: as many as the application has"),
  COSTS_PATH(
      "costs.path",
      new Domain.Text("a URI of a folder"),
      "",
      "where runs leave what their rows took and plans look it up; none: costs/ in the output"),
  RECORD_SOURCES(
      "record.sources",
      choice(RecordedSources.class),
      "name",
      "what the record inside a picture tells of where its inputs were. name: the last part of each URI; uri: the whole of"
          + " it, with folders and buckets. metrics has the whole either way"),
  PRICE_PER_HOUR("price_per_hour", atLeastZero(), "0", "money for one device for one hour"),
  REPORT_ROWS("report.rows", whole(1, 5_000), "200", "rows that the page shows; failures first");

  /** What computes. */
  public enum Device {
    CPU,
    GPU
  }

  /** Which failed rows are tried again. */
  public enum Retry {
    NONE,
    TRANSIENT,
    ALL
  }

  /** What a picture's own record tells of where its inputs were. */
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
