package nst.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import nst.model.RunConfig;

/**
 * The plan of a run: {@code _PLAN.json}, written when {@code plan/} is complete. A run that
 * continues must have the same plan.
 *
 * @param manifest absolute URI
 * @param manifestDigest digest of the names, lengths and times of its files
 * @param networks the networks that rows can use: {@code Networks.identity}
 * @param planned the values that determine the plan, as {@code key=value} lines: {@link
 *     RunConfig#planText}
 * @param counts the rows of each plan status
 * @param predictedSeconds on one device
 */
@JsonPropertyOrder({
  "run_id",
  "run_date",
  "manifest",
  "manifest_digest",
  "weights",
  "algorithm_version",
  "rows",
  "predicted_seconds",
  "started_at",
  "planned"
})
public record PlanFile(
    String runId,
    String runDate,
    String manifest,
    String manifestDigest,
    @JsonProperty("weights") String networks,
    int algorithmVersion,
    String planned,
    @JsonProperty("rows")
        @JsonSerialize(converter = PlanFile.ToRows.class)
        @JsonDeserialize(converter = PlanFile.ToCounts.class)
        Map<String, Long> counts,
    double predictedSeconds,
    String startedAt,
    Map<String, RunConfig.Entry> configuration,
    Map<String, String> versions) {

  public PlanFile {
    counts = new TreeMap<>(counts);
    configuration = new TreeMap<>(configuration);
    versions = new TreeMap<>(versions);
  }

  /** The number of rows in the manifest. */
  public long rows() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The differences from another plan, each with both values; empty if there are none. */
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

  /** The text of {@code _PLAN.json}. */
  public String json() {
    return Json.file(this);
  }

  /**
   * Reads the output of {@link #json}.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  public static PlanFile read(byte[] json) {
    return Json.read(json, PlanFile.class, "a _PLAN.json");
  }

  /** In the file, the names of the states are in lower case and the total comes first. */
  static final class ToRows extends StdConverter<Map<String, Long>, Map<String, Long>> {
    @Override
    public Map<String, Long> convert(Map<String, Long> counts) {
      Map<String, Long> rows = new LinkedHashMap<>();
      rows.put("total", counts.values().stream().mapToLong(Long::longValue).sum());
      counts.forEach((status, count) -> rows.put(status.toLowerCase(Locale.ROOT), count));
      return rows;
    }
  }

  /** The reverse of {@link ToRows}. */
  static final class ToCounts extends StdConverter<Map<String, Long>, Map<String, Long>> {
    @Override
    public Map<String, Long> convert(Map<String, Long> rows) {
      Map<String, Long> counts = new TreeMap<>();
      rows.forEach((status, count) -> counts.put(status.toUpperCase(Locale.ROOT), count));
      counts.remove("TOTAL");
      return counts;
    }
  }
}
