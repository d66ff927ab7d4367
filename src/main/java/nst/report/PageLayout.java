package nst.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.record.RunSummary;
import nst.report.row.RowCollector;
import nst.report.row.SafeText;

/** Converts a report to a {@link Page}. */
final class PageLayout {
  private static final int BAR = 1000;

  private final RunReport report;

  private PageLayout(RunReport report) {
    this.report = report;
  }

  static Page lay(RunReport report) {
    return new PageLayout(report).page();
  }

  private Page page() {
    RunReport.Identity identity = report.identity();
    return new Page(
        identity.runId(),
        identity.runDate().toString(),
        NumberFormats.moment(identity.startedAt()),
        NumberFormats.moment(identity.finishedAt()),
        seconds(report.throughput().wallSeconds()),
        SafeText.of(identity.manifest()),
        SafeText.of(identity.output()),
        NumberFormats.count(report.counts().total()),
        outcomes(),
        imbalance(),
        warning(),
        network(),
        report.rows().count() > 0,
        report.shown(),
        report.images(),
        report.curves().stream()
            .map(curve -> new Page.CurveRow(curve.row(), SafeText.of(curve.id())))
            .toList(),
        report.isSweep(),
        charts(),
        failures(),
        throughput(),
        stages(),
        report.settings().stream().filter(value -> !value.isDefault()).map(this::value).toList(),
        report.settings().stream().filter(RunReport.Setting::isDefault).map(this::value).toList(),
        versions(),
        report.parts().scripts(),
        report.parts().embedded());
  }

  private List<Page.Outcome> outcomes() {
    RunSummary.Rows counts = report.counts();
    long[] sizes = {counts.ok(), counts.failed(), counts.skipped(), counts.duplicate()};
    Status[] statuses = Status.values();
    long sum = Math.max(1, counts.ok() + counts.failed() + counts.skipped() + counts.duplicate());
    List<Page.Outcome> outcomes = new ArrayList<>();
    long before = 0;
    for (int i = 0; i < statuses.length; i++) {
      outcomes.add(
          new Page.Outcome(
              statuses[i].name().toLowerCase(Locale.ROOT),
              label(statuses[i]),
              NumberFormats.count(sizes[i]),
              BAR * before / sum,
              BAR * (before + sizes[i]) / sum - BAR * before / sum));
      before += sizes[i];
    }
    return outcomes;
  }

  private static String label(Status status) {
    return switch (status) {
      case OK -> "stylised";
      case FAILED -> "failed";
      case SKIPPED -> "skipped: done before";
      case DUPLICATE -> "duplicate: same request as another row";
    };
  }

  private String imbalance() {
    RunSummary.Rows counts = report.counts();
    long sum = counts.ok() + counts.failed() + counts.skipped() + counts.duplicate();
    return sum == counts.total()
        ? ""
        : "The manifest has "
            + NumberFormats.count(counts.total())
            + " rows, but "
            + NumberFormats.count(sum)
            + " are accounted for.";
  }

  private String warning() {
    return report.networks().stream()
        .map(RunSummary.Network::warning)
        .filter(warning -> !warning.isEmpty())
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private List<Page.Fact> network() {
    List<Page.Fact> facts = new ArrayList<>();
    facts.add(new Page.Fact("Preset", report.preset()));
    for (RunSummary.Network network : report.networks()) {
      facts.add(new Page.Fact("Network", network.name()));
      facts.add(new Page.Fact("SHA-256", network.sha256()));
    }
    return facts;
  }

  private List<LossChart> charts() {
    if (report.curves().isEmpty()) {
      return List.of();
    }
    List<String> titles =
        List.of("Total, weighted", "Content term", "Style term", "Total variation term");
    List<LossChart> charts = new ArrayList<>();
    for (int i = 0; i < titles.size(); i++) {
      charts.add(LossChart.ofRows(titles.get(i), LossChart.TERMS.get(i), report.curves()));
    }
    return charts;
  }

  private List<Page.FailureGroup> failures() {
    List<Page.FailureGroup> groups = new ArrayList<>();
    report
        .failures()
        .forEach(
            (code, total) -> {
              List<RowCollector.FailedRow> rows =
                  report.rows().failed().getOrDefault(code, List.of());
              long count = Math.max(total, rows.size());
              groups.add(
                  new Page.FailureGroup(
                      code.name(),
                      code.meaning(),
                      advice(code),
                      NumberFormats.count(count),
                      count == rows.size() ? "" : NumberFormats.count(count - rows.size()),
                      rows));
            });
    return groups;
  }

  private static String advice(ErrorCode code) {
    if (code.isRetryable()) {
      return "may succeed when run again: --retry transient";
    }
    return code.isUsersToFix() ? "fix the cause, then run again" : "running again will not help";
  }

  private List<Page.Fact> throughput() {
    RunReport.Throughput throughput = report.throughput();
    List<Page.Fact> facts = new ArrayList<>();
    facts.add(new Page.Fact("images an hour", NumberFormats.number(throughput.imagesPerHour())));
    facts.add(new Page.Fact("wall clock", seconds(throughput.wallSeconds())));
    facts.add(new Page.Fact("device time", seconds(throughput.deviceSeconds())));
    if (throughput.wallSeconds() > 0) {
      facts.add(
          new Page.Fact(
              "devices at work, on average",
              NumberFormats.number(throughput.deviceSeconds() / throughput.wallSeconds())));
    }
    if (!throughput.devices().isEmpty()) {
      Map<String, Integer> devices = new LinkedHashMap<>();
      throughput.devices().forEach(name -> devices.merge(name, 1, Integer::sum));
      List<String> names = new ArrayList<>();
      devices.forEach((name, count) -> names.add(count == 1 ? name : count + " × " + name));
      facts.add(new Page.Fact("devices", String.join(", ", names)));
    }
    throughput
        .cost()
        .ifPresent(
            cost ->
                facts.add(
                    new Page.Fact(
                        "at " + NumberFormats.money(cost.pricePerHour()) + " a device-hour",
                        NumberFormats.money(cost.amount()))));
    return facts;
  }

  private List<Page.Stage> stages() {
    Timings times = report.throughput().stages();
    long total = times.totalMs();
    if (total == 0) {
      return List.of();
    }
    String[] names = {"read", "decode", "optimize", "encode", "write"};
    List<ToLongFunction<Timings>> millis =
        List.of(
            Timings::readMs,
            Timings::decodeMs,
            Timings::optimizeMs,
            Timings::encodeMs,
            Timings::writeMs);
    List<Page.Stage> stages = new ArrayList<>();
    long before = 0;
    for (int i = 0; i < names.length; i++) {
      long spent = millis.get(i).applyAsLong(times);
      stages.add(
          new Page.Stage(
              names[i],
              NumberFormats.duration(spent),
              NumberFormats.percent((double) spent / total),
              NumberFormats.duration(millis.get(i).applyAsLong(report.rows().medians())),
              BAR * before / total,
              BAR * (before + spent) / total - BAR * before / total));
      before += spent;
    }
    return stages;
  }

  private Page.Value value(RunReport.Setting setting) {
    return new Page.Value(
        setting.name(),
        SafeText.of(setting.value()),
        SafeText.of(setting.source()),
        Knob.named(setting.name())
            .map(Knob::meaning)
            .or(() -> Setting.named(setting.name()).map(Setting::meaning))
            .orElse(""));
  }

  private List<Page.Fact> versions() {
    return report.versions().entrySet().stream()
        .map(version -> new Page.Fact(version.getKey(), version.getValue()))
        .toList();
  }

  private static String seconds(double seconds) {
    return NumberFormats.duration(Math.round(1000 * seconds));
  }
}
