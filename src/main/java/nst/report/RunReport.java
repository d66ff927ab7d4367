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
import nst.model.LossSample;
import nst.model.TransferResult.Timings;
import nst.record.RunSummary;
import nst.report.row.PageParts;
import nst.report.row.RowCollector;

/**
 * Everything that the page of a run shows.
 *
 * @param failures the number of failed rows for each code, over the whole run
 * @param networks the networks; the first is the default
 * @param preset the default recipe
 * @param settings every configuration value of the run and its source; the values of {@link
 *     nst.model.Knob}s have their {@link nst.model.Knob#key()}
 * @param versions the versions of the program, the JVM and the libraries, in the order of display
 * @param rows the rows, which {@code collector} has stored in {@code parts}
 * @param isSweep whether the rows are shown as a sweep
 * @param curves the loss curves of the rows with large pictures
 * @param shown what the page shows of which rows, in sentences
 * @param images the path of the folder of all images, relative to the page
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
    RowCollector rows,
    boolean isSweep,
    PageParts parts,
    List<Curve> curves,
    List<String> shown,
    String images) {

  /** The losses of the iterates of a row, in order. */
  public record Curve(long row, String id, List<LossSample> losses) {
    public Curve {
      losses = List.copyOf(losses);
    }
  }

  /**
   * Identifies the run.
   *
   * @param manifest URI of the manifest
   * @param output URI of the output folder
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
   * @param source its source: {@code default}, {@code preset balanced}, {@code --set}, a file
   */
  public record Setting(String name, String value, String source) {
    /** Whether it is a default. */
    boolean isDefault() {
      return source.equals("default") || source.startsWith("preset ");
    }
  }

  /**
   * The time and the cost of the run.
   *
   * @param imagesPerHour computed images divided by the elapsed time
   * @param wallSeconds the time from the start of the run to its end
   * @param deviceSeconds the sum over all devices
   * @param devices the names of the devices; a name occurs once for each such device
   * @param stages the sums over all rows that this run computed
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
   * An amount of money.
   *
   * @param amount the cost of the whole run
   * @param pricePerHour the configured price of one device for an hour
   */
  public record Cost(double amount, double pricePerHour) {}

  public RunReport {
    EnumMap<ErrorCode, Long> ordered = new EnumMap<>(ErrorCode.class);
    ordered.putAll(failures);
    failures = Collections.unmodifiableMap(ordered);
    settings = List.copyOf(settings);
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    networks = List.copyOf(networks);
    curves = List.copyOf(curves);
    shown = List.copyOf(shown);
  }
}
