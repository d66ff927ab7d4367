package nst.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import nst.model.NetworkFacts;
import nst.model.RunConfig;
import nst.model.TransferResult.Timings;
import nst.storage.RetryCounters;

/**
 * What a run came to: {@code _RUN.json}, written last. A run without it is not over.
 *
 * @param failures error code to rows
 * @param deviceSeconds how long rows held a device
 * @param timings where the time of the images of this run went, summed
 * @param devices each executor's device
 * @param peakMemoryBytes the largest resident memory of an executor that made an image
 * @param trouble what the stores had to be asked again, in this invocation
 * @param executors of this invocation, each with the engine that it loaded as it started
 * @param imagesPerHour images made over the time that this invocation computed
 * @param wallSeconds of this invocation
 * @param networks that rows could ask for; the first is what {@code backbone=auto} meant
 * @param cost device hours times the price of one; 0 without a price
 * @param pageFault why the run has no page; empty where it has one
 * @param exitCode the code of an {@link ExitCode}
 */
public record RunSummary(
    String runId,
    String runDate,
    String manifest,
    String output,
    Rows rows,
    Map<String, Long> failures,
    double deviceSeconds,
    Timings timings,
    List<String> devices,
    long peakMemoryBytes,
    RetryCounters trouble,
    List<ExecutorReport.Ready> executors,
    double imagesPerHour,
    double wallSeconds,
    double cost,
    List<Network> networks,
    String pageFault,
    int exitCode,
    Instant startedAt,
    Instant finishedAt,
    Map<String, String> versions,
    Map<String, RunConfig.Entry> configuration) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * How many manifest rows there are, and what became of them: {@code total} is the sum of the
   * others.
   */
  public record Rows(long total, long ok, long failed, long skipped, long duplicate) {
    /** Whether every row is accounted for. */
    public boolean addUp() {
      return total == ok + failed + skipped + duplicate;
    }

    /**
     * {@link ExitCode#TOO_MANY_FAILED} where more rows failed than the ratio allows. Computed in
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
   * A network that rows could ask for; the first is what {@code backbone=auto} meant.
   *
   * @param name for people: {@code vgg16 (embedded)}
   * @param sha256 of its file; of a seeded network the name of its recipe
   * @param input what its filters expect
   * @param activationScale of its feature maps, over torchvision's
   * @param factsFrom how input and scale are known
   */
  public record Network(
      String backbone,
      String name,
      String sha256,
      boolean trained,
      String input,
      double activationScale,
      String factsFrom) {

    /** What to know before trusting its images; empty where there is nothing. */
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
    devices = List.copyOf(devices);
    executors = List.copyOf(executors);
    networks = List.copyOf(networks);
    versions = new TreeMap<>(versions);
    configuration = new TreeMap<>(configuration);
  }

  /** The same run under another tolerance for failed rows. */
  public RunSummary judgedBy(double maxFailedRatio) {
    return with(pageFault, rows.exitCode(maxFailedRatio));
  }

  /** The same run, whose page could not be made; the exit code stays that of the rows. */
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
        deviceSeconds,
        timings,
        devices,
        peakMemoryBytes,
        trouble,
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

  /** The text of {@code _RUN.json}. */
  public String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("run_id", runId).put("run_date", runDate);
    node.put("manifest", manifest).put("output", output);
    node.putObject("rows")
        .put("total", rows.total())
        .put("ok", rows.ok())
        .put("failed", rows.failed())
        .put("skipped", rows.skipped())
        .put("duplicate", rows.duplicate());
    ObjectNode byCode = node.putObject("failures");
    failures.forEach(byCode::put);
    node.put("device_seconds", rounded(deviceSeconds));
    node.putObject("stages_ms")
        .put("read", timings.readMs())
        .put("decode", timings.decodeMs())
        .put("optimize", timings.optimizeMs())
        .put("encode", timings.encodeMs())
        .put("write", timings.writeMs());
    var deviceNames = node.putArray("devices");
    devices.forEach(deviceNames::add);
    node.put("peak_memory_bytes", peakMemoryBytes);
    node.putObject("storage")
        .put("retries", trouble.retries())
        .put("throttled", trouble.throttled());
    var engines = node.putArray("executors");
    executors.forEach(executor -> write(executor, engines.addObject()));
    node.put("images_per_hour", rounded(imagesPerHour));
    node.put("wall_seconds", rounded(wallSeconds));
    node.put("cost", cost);
    var byBackbone = node.putArray("networks");
    networks.forEach(
        network ->
            byBackbone
                .addObject()
                .put("backbone", network.backbone())
                .put("name", network.name())
                .put("sha256", network.sha256())
                .put("trained", network.trained())
                .put("input", network.input())
                .put("activation_scale", network.activationScale())
                .put("facts_from", network.factsFrom()));
    node.put("page_fault", pageFault);
    node.put("exit_code", exitCode);
    node.put("started_at", startedAt.toString()).put("finished_at", finishedAt.toString());
    ObjectNode byName = node.putObject("versions");
    versions.forEach(byName::put);
    ObjectNode values = node.putObject("configuration");
    configuration.forEach(
        (key, entry) ->
            values.putObject(key).put("value", entry.value()).put("source", entry.source()));
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text and numbers always writes", e);
    }
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException where it is no such text
   */
  public static RunSummary read(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      JsonNode rows = node.required("rows");
      Map<String, Long> failures = new TreeMap<>();
      node.required("failures")
          .fields()
          .forEachRemaining(e -> failures.put(e.getKey(), e.getValue().asLong()));
      Map<String, String> versions = new TreeMap<>();
      node.required("versions")
          .fields()
          .forEachRemaining(e -> versions.put(e.getKey(), e.getValue().asText()));
      Map<String, RunConfig.Entry> configuration = new TreeMap<>();
      node.required("configuration")
          .fields()
          .forEachRemaining(
              e ->
                  configuration.put(
                      e.getKey(),
                      new RunConfig.Entry(
                          e.getValue().required("value").asText(),
                          e.getValue().required("source").asText())));
      List<String> devices = new ArrayList<>();
      node.required("devices").forEach(device -> devices.add(device.asText()));
      return new RunSummary(
          node.required("run_id").asText(),
          node.required("run_date").asText(),
          node.required("manifest").asText(),
          node.required("output").asText(),
          new Rows(
              rows.required("total").asLong(),
              rows.required("ok").asLong(),
              rows.required("failed").asLong(),
              rows.required("skipped").asLong(),
              rows.required("duplicate").asLong()),
          failures,
          node.required("device_seconds").asDouble(),
          timings(node.required("stages_ms")),
          devices,
          node.required("peak_memory_bytes").asLong(),
          new RetryCounters(
              node.required("storage").required("retries").asLong(),
              node.required("storage").required("throttled").asLong()),
          executors(node.required("executors")),
          node.required("images_per_hour").asDouble(),
          node.required("wall_seconds").asDouble(),
          node.required("cost").asDouble(),
          networks(node.required("networks")),
          node.path("page_fault").asText(), // earlier releases wrote none
          node.required("exit_code").asInt(),
          Instant.parse(node.required("started_at").asText()),
          Instant.parse(node.required("finished_at").asText()),
          versions,
          configuration);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("expected a _RUN.json: " + e.getMessage(), e);
    }
  }

  private static void write(ExecutorReport.Ready executor, ObjectNode node) {
    node.put("id", executor.executorId()).put("host", executor.host()).put("pid", executor.pid());
    node.put("device", executor.device());
    var addresses = node.putArray("gpu_addresses");
    executor.addresses().forEach(addresses::add);
    node.put("load_seconds", rounded(executor.loadSeconds()));
  }

  private static List<ExecutorReport.Ready> executors(JsonNode nodes) {
    List<ExecutorReport.Ready> executors = new ArrayList<>();
    for (JsonNode node : nodes) {
      List<String> addresses = new ArrayList<>();
      node.required("gpu_addresses").forEach(address -> addresses.add(address.asText()));
      executors.add(
          new ExecutorReport.Ready(
              node.required("id").asText(),
              node.required("host").asText(),
              node.required("pid").asLong(),
              node.required("device").asText(),
              addresses,
              node.required("load_seconds").asDouble()));
    }
    return executors;
  }

  private static List<Network> networks(JsonNode nodes) {
    List<Network> networks = new ArrayList<>();
    for (JsonNode node : nodes) {
      networks.add(
          new Network(
              node.required("backbone").asText(),
              node.required("name").asText(),
              node.required("sha256").asText(),
              node.required("trained").asBoolean(),
              node.required("input").asText(),
              node.required("activation_scale").asDouble(),
              node.required("facts_from").asText()));
    }
    return networks;
  }

  private static Timings timings(JsonNode stages) {
    return new Timings(
        stages.required("read").asLong(),
        stages.required("decode").asLong(),
        stages.required("optimize").asLong(),
        stages.required("encode").asLong(),
        stages.required("write").asLong());
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
