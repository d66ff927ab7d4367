package nst.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.model.RunConfig;

/**
 * What a run set out to do: {@code _PLAN.json}, written when {@code plan/} is whole. A run_id that
 * is taken up again must set out to do the same.
 *
 * @param manifest absolute URI
 * @param manifestDigest of the names, lengths and times of its files
 * @param networks that rows could ask for: {@code Networks.identity}
 * @param planned what decides the plan, as {@code key=value} lines: {@link RunConfig#planText}
 * @param counts plan status to rows
 * @param predictedSeconds on one device
 */
public record PlanFile(
    String runId,
    String runDate,
    String manifest,
    String manifestDigest,
    String networks,
    int algorithmVersion,
    String planned,
    Map<String, Long> counts,
    double predictedSeconds,
    String startedAt,
    Map<String, RunConfig.Entry> configuration,
    Map<String, String> versions) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public PlanFile {
    counts = new TreeMap<>(counts);
    configuration = new TreeMap<>(configuration);
    versions = new TreeMap<>(versions);
  }

  public long rows() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * What an attempt with another plan would do differently, each with both values; empty where
   * nothing.
   */
  public List<String> differences(PlanFile other) {
    List<String> found = new ArrayList<>();
    compare("manifest", manifest, other.manifest, found);
    compare("manifest content", manifestDigest, other.manifestDigest, found);
    compare("weights", networks, other.networks, found);
    compare("algorithm version", "" + algorithmVersion, "" + other.algorithmVersion, found);
    Map<String, String> ours = lines(planned);
    Map<String, String> theirs = lines(other.planned);
    ours.forEach((key, value) -> compare(key, value, theirs.getOrDefault(key, "nothing"), found));
    return found;
  }

  private static void compare(String what, String planned, String asked, List<String> found) {
    if (!planned.equals(asked)) {
      found.add(what + " was " + planned + ", is now " + asked);
    }
  }

  private static Map<String, String> lines(String text) {
    Map<String, String> values = new TreeMap<>();
    text.lines().map(line -> line.split("=", 2)).forEach(pair -> values.put(pair[0], pair[1]));
    return values;
  }

  public String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("run_id", runId).put("run_date", runDate);
    node.put("manifest", manifest).put("manifest_digest", manifestDigest);
    node.put("weights", networks).put("algorithm_version", algorithmVersion);
    ObjectNode rows = node.putObject("rows");
    rows.put("total", rows());
    counts.forEach((status, count) -> rows.put(status.toLowerCase(java.util.Locale.ROOT), count));
    node.put("predicted_seconds", predictedSeconds);
    node.put("started_at", startedAt);
    node.put("planned", planned);
    ObjectNode values = node.putObject("configuration");
    configuration.forEach(
        (key, entry) ->
            values.putObject(key).put("value", entry.value()).put("source", entry.source()));
    ObjectNode byName = node.putObject("versions");
    versions.forEach(byName::put);
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text and numbers always writes", e);
    }
  }

  public static PlanFile read(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      Map<String, Long> counts = new TreeMap<>();
      node.required("rows")
          .fields()
          .forEachRemaining(
              e -> {
                if (!e.getKey().equals("total")) {
                  counts.put(e.getKey().toUpperCase(java.util.Locale.ROOT), e.getValue().asLong());
                }
              });
      return new PlanFile(
          node.required("run_id").asText(),
          node.required("run_date").asText(),
          node.required("manifest").asText(),
          node.required("manifest_digest").asText(),
          node.required("weights").asText(),
          node.required("algorithm_version").asInt(),
          node.required("planned").asText(),
          counts,
          node.required("predicted_seconds").asDouble(),
          node.required("started_at").asText(),
          Map.of(),
          Map.of());
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException("expected a _PLAN.json: " + e.getMessage(), e);
    }
  }
}
