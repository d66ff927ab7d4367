package nst.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferResult.Timings;
import nst.record.RunSummary;

/**
 * Everything the page of a run shows.
 *
 * @param failures how many rows failed with each code, over the whole run
 * @param networks the first is what rows get that name none
 * @param preset the recipe that rows take which name none
 * @param settings every configuration value of the run and where it came from; the values of {@link
 *     nst.model.Knob}s under their {@link nst.model.Knob#key()}
 * @param versions of the program, the JVM and what they stand on, in the order to show them
 * @param rows those to show, at most as many as a browser takes well (about 200): failed ones
 *     included
 * @param rowsNotShown rows of the run that are not in {@code rows}
 */
public record RunReport(
    Identity identity,
    RunSummary.Rows counts,
    Map<ErrorCode, Long> failures,
    List<RunSummary.Network> networks,
    String preset,
    List<Setting> settings,
    Map<String, String> versions,
    Throughput throughput,
    List<ReportRow> rows,
    long rowsNotShown) {

  /**
   * Which run it was.
   *
   * @param manifest URI of the manifest
   * @param output URI of the output's root
   */
  public record Identity(
      String runId,
      LocalDate runDate,
      String manifest,
      String output,
      Instant startedAt,
      Instant finishedAt) {}

  /**
   * A configuration value.
   *
   * @param name its key: {@code content_weight}
   * @param source where it came from, for people: {@code default}, {@code preset balanced}, {@code
   *     --set}, a file
   */
  public record Setting(String name, String value, String source) {
    /** Whether nobody chose it. */
    boolean isDefault() {
      return source.equals("default") || source.startsWith("preset ");
    }
  }

  /**
   * What the run cost in time and money.
   *
   * @param imagesPerHour computed images over the wall clock
   * @param wallSeconds from the start of the run to its end
   * @param deviceSeconds summed over devices
   * @param devices the names of the devices; a name may come as often as there are such devices
   * @param stages summed over all rows computed in this run
   */
  public record Throughput(
      double imagesPerHour,
      double wallSeconds,
      double deviceSeconds,
      List<String> devices,
      Timings stages,
      Optional<Cost> cost) {
    public Throughput {
      devices = List.copyOf(devices);
    }
  }

  /**
   * Money.
   *
   * @param amount of the whole run
   * @param pricePerHour of one device for an hour, as the user gave it
   */
  public record Cost(double amount, double pricePerHour) {}

  public RunReport {
    EnumMap<ErrorCode, Long> ordered = new EnumMap<>(ErrorCode.class);
    ordered.putAll(failures);
    failures = Collections.unmodifiableMap(ordered);
    settings = List.copyOf(settings);
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    networks = List.copyOf(networks);
    rows = List.copyOf(rows);
  }
}
