package nst.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.NetworkFacts;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.TransferResult.Timings;
import nst.storage.RetryCounters;

/**
 * The summary of a finished run: {@code _RUN.json}, written last. A run without it is not over.
 *
 * @param failures the rows of each error code
 * @param firstFailures the first failed rows in the order of the manifest, at most {@link
 *     #FIRST_FAILURES}
 * @param deviceSeconds the time for which rows held a device
 * @param timings the sum of the timings of the images that this run computed
 * @param devices the device of each executor
 * @param peakMemoryBytes the largest resident memory of an executor that computed an image
 * @param storageRetries the retries of storage requests in this invocation
 * @param executors the executors of this invocation
 * @param imagesPerHour images that this invocation computed, for each hour of wallSeconds
 * @param wallSeconds the duration of this invocation
 * @param cost device hours times the price of one; 0 without a price
 * @param networks the networks that rows can use; the first is {@code backbone=auto}
 * @param pageFault why the run has no page; empty if it has one. Earlier versions did not write it
 * @param exitCode the code of an {@link ExitCode}
 */
@JsonPropertyOrder({
  "run_id",
  "run_date",
  "manifest",
  "output",
  "rows",
  "failures",
  "first_failures",
  "device_seconds",
  "stages_ms",
  "devices",
  "peak_memory_bytes",
  "storage"
})
public record RunSummary(
    String runId,
    String runDate,
    String manifest,
    String output,
    Rows rows,
    Map<String, Long> failures,
    List<FailedRow> firstFailures,
    @JsonSerialize(converter = Json.Thousandths.class) double deviceSeconds,
    @JsonProperty("stages_ms") Timings timings,
    List<String> devices,
    long peakMemoryBytes,
    @JsonProperty("storage") RetryCounters storageRetries,
    List<ExecutorReport.Ready> executors,
    @JsonSerialize(converter = Json.Thousandths.class) double imagesPerHour,
    @JsonSerialize(converter = Json.Thousandths.class) double wallSeconds,
    double cost,
    List<Network> networks,
    @JsonInclude String pageFault,
    int exitCode,
    Instant startedAt,
    Instant finishedAt,
    Map<String, String> versions,
    Map<String, RunConfig.Entry> configuration) {

  /** The largest number of failed rows that a summary lists. */
  public static final int FIRST_FAILURES = 5;

  /** A row that failed, with the reason. */
  public record FailedRow(String id, String code, String message) {}

  /** The number of manifest rows by outcome; {@code total} is the sum of the others. */
  public record Rows(long total, long ok, long failed, long skipped, long duplicate) {
    /** Whether every row is accounted for. */
    public boolean addUp() {
      return total == ok + failed + skipped + duplicate;
    }

    /**
     * {@link ExitCode#TOO_MANY_FAILED} if more rows failed than the ratio allows. Computed in
     * decimals, because the ratio is written in decimals: 0.29 of 100 rows are 29 rows, not
     * 28.999999999999996.
     */
    public int exitCode(double maxFailedRatio) {
      BigDecimal allowed = BigDecimal.valueOf(maxFailedRatio).multiply(BigDecimal.valueOf(total));
      boolean tooMany = BigDecimal.valueOf(failed).compareTo(allowed) > 0;
      return (tooMany ? ExitCode.TOO_MANY_FAILED : ExitCode.OK).code();
    }
  }

  /**
   * A network that rows can use.
   *
   * @param name its name in messages: {@code vgg16 (embedded)}
   * @param sha256 digest of its file; for a seeded network, the name of its initialisation
   * @param input the input that its filters expect
   * @param activationScale the scale of its feature maps, relative to torchvision's
   * @param factsFrom the source of input and scale
   */
  public record Network(
      String backbone,
      String name,
      String sha256,
      boolean trained,
      String input,
      double activationScale,
      String factsFrom) {

    /** What users must know about its images; empty if there is nothing. */
    public String warning() {
      if (!trained) {
        return "The network is untrained: pictures take colours and textures from the painting, not its strokes.";
      }
      return factsFrom.equals(NetworkFacts.Basis.ASSUMED.name().toLowerCase(Locale.ROOT))
          ? name + ": " + NetworkFacts.ASSUMED_ADVICE + "."
          : "";
    }
  }

  public RunSummary {
    failures = new TreeMap<>(failures);
    firstFailures =
        firstFailures == null
            ? List.of()
            : List.copyOf(firstFailures); // earlier versions did not write it
    devices = List.copyOf(devices);
    executors = List.copyOf(executors);
    networks = List.copyOf(networks);
    versions = new TreeMap<>(versions);
    configuration = new TreeMap<>(configuration);
  }

  /** A copy with the exit code for another ratio of failed rows. */
  public RunSummary judgedBy(double maxFailedRatio) {
    return with(pageFault, rows.exitCode(maxFailedRatio));
  }

  /** A copy for a run whose page could not be made. The exit code does not change. */
  public RunSummary withoutPage(String fault) {
    return with(fault, exitCode);
  }

  private RunSummary with(String newPageFault, int newExitCode) {
    return new RunSummary(
        runId,
        runDate,
        manifest,
        output,
        rows,
        failures,
        firstFailures,
        deviceSeconds,
        timings,
        devices,
        peakMemoryBytes,
        storageRetries,
        executors,
        imagesPerHour,
        wallSeconds,
        cost,
        networks,
        newPageFault,
        newExitCode,
        startedAt,
        finishedAt,
        versions,
        configuration);
  }

  /**
   * The values of rows that set none, as this run had them. A knob that the version of the run did
   * not have gets the value of the run's preset.
   *
   * @throws InvalidInputException if this version does not know the preset or a value
   */
  public Hyperparameters defaults() {
    Preset preset =
        Preset.named(preset())
            .orElseThrow(
                () ->
                    unknown(
                        RunConfig.PRESET,
                        "expected one of "
                            + String.join(", ", Preset.labels())
                            + ", was "
                            + preset()));
    EnumMap<Knob, Object> recorded = new EnumMap<>(Knob.class);
    for (Knob knob : Knob.values()) {
      RunConfig.Entry entry = configuration.get(knob.key());
      if (entry != null) {
        recorded.put(knob, parsed(knob, entry.value()));
      }
    }
    return preset.hyperparameters().with(recorded);
  }

  private Object parsed(Knob knob, String value) {
    try {
      return knob.domain().parse(value);
    } catch (IllegalArgumentException e) {
      throw unknown(knob.key(), e.getMessage());
    }
  }

  private InvalidInputException unknown(String key, String message) {
    return new InvalidInputException(
        "the _RUN.json of run_id=" + runId,
        key,
        message + "; use the version of nst that made this run");
  }

  /** The name of the preset of rows that name none. */
  public String preset() {
    RunConfig.Entry entry = configuration.get(RunConfig.PRESET);
    return entry == null ? "" : entry.value();
  }

  /** The text of {@code _RUN.json}. */
  public String json() {
    return Json.file(this);
  }

  /**
   * Reads the output of {@link #json}.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  public static RunSummary read(byte[] json) {
    return Json.read(json, RunSummary.class, "a _RUN.json");
  }
}
