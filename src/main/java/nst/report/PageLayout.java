package nst.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.record.RunSummary;

/** Lays one report out as a {@link Page}. */
final class PageLayout {
  private static final int BAR = 1000;
  private static final int SPARKLINE = 100;

  /** More knobs than these on a card would bury its picture; the large view has them all. */
  private static final int KNOBS_ON_A_CARD = 6;

  private final RunReport report;
  private final Map<Picture, String> placed = new HashMap<>();
  private final Map<Picture, Page.Placed> larges = new LinkedHashMap<>();

  private PageLayout(RunReport report) {
    this.report = report;
  }

  static Page lay(RunReport report) {
    return new PageLayout(report).page();
  }

  private Page page() {
    RunReport.Identity identity = report.identity();
    List<Page.Card> cards = new ArrayList<>();
    for (ReportRow row : report.rows()) {
      cards.add(card(cards.size(), row));
    }
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
        cards,
        List.copyOf(larges.values()),
        report.rowsNotShown() == 0 ? "" : NumberFormats.count(report.rowsNotShown()),
        SweepGrid.among(report.rows(), report.settings()),
        charts(),
        failures(cards),
        throughput(),
        stages(),
        report.settings().stream().filter(value -> !value.isDefault()).map(this::value).toList(),
        report.settings().stream().filter(RunReport.Setting::isDefault).map(this::value).toList(),
        versions());
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
              lower(statuses[i]),
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
      case DUPLICATE -> "duplicate: same wish as another row";
    };
  }

  private static String absence(Status status) {
    return switch (status) {
      case OK -> "the picture is not on this page";
      case FAILED -> "failed";
      case SKIPPED -> "done before";
      case DUPLICATE -> "same wish as another row";
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

  private Page.Card card(int index, ReportRow row) {
    List<Page.Fact> knobs = new ArrayList<>();
    row.knobs().forEach((name, value) -> knobs.add(new Page.Fact(name, SafeText.of(value))));
    int onCard = Math.min(knobs.size(), KNOBS_ON_A_CARD);
    Optional<LossSample> last =
        row.losses().isEmpty()
            ? Optional.empty()
            : Optional.of(row.losses().get(row.losses().size() - 1));
    List<Page.Input> styles = new ArrayList<>();
    Page.Input content = input(row.content(), "");
    for (ReportRow.StyleSource style : row.styles()) {
      styles.add(
          input(
              style.source(),
              row.styles().size() > 1 ? NumberFormats.percent(style.weight()) : ""));
    }
    return new Page.Card(
        index,
        row.id(),
        row.key(),
        lower(row.status()),
        row.failure().map(failure -> failure.code().name()).orElse(""),
        row.failure().map(failure -> SafeText.of(failure.message())).orElse(""),
        absence(row.status()),
        content,
        styles,
        knobs,
        knobs.subList(0, onCard),
        onCard == knobs.size() ? "" : NumberFormats.count(knobs.size() - onCard),
        row.imageLink(),
        row.result().map(this::computed).map(List::of).orElse(List.of()),
        sparkline(row.losses()),
        row.losses().size() < 2
            ? List.of()
            : List.of(LossChart.ofTerms("Loss by term", index, row.losses())),
        facts(row, last),
        summary(row),
        last.map(sample -> NumberFormats.number(sample.totalLoss())).orElse(""),
        last.map(LossSample::totalLoss).filter(Double::isFinite).orElse(Double.MAX_VALUE),
        row.times().totalMs());
  }

  private Page.Input input(ReportRow.Source source, String share) {
    String name = SafeText.name(source.uri());
    return new Page.Input(
        name.isEmpty() ? "unknown" : name,
        SafeText.of(source.uri()),
        share,
        source.thumbnail().map(this::place).map(List::of).orElse(List.of()));
  }

  private Page.Placed place(Picture picture) {
    String known = placed.get(picture);
    String id = known == null ? "picture-" + placed.size() : known;
    placed.put(picture, id);
    return new Page.Placed(
        id, known == null ? List.of(picture) : List.of(), picture.width(), picture.height());
  }

  private String placeLarge(Picture picture) {
    return larges
        .computeIfAbsent(
            picture,
            added ->
                new Page.Placed(
                    "large-picture-" + larges.size(),
                    List.of(added),
                    added.width(),
                    added.height()))
        .id();
  }

  private Page.Computed computed(ReportRow.Result result) {
    return new Page.Computed(
        place(result.thumbnail()),
        placeLarge(result.large()),
        result.largeContent().map(this::placeLarge).orElse(""),
        result.width(),
        result.height());
  }

  private static String summary(ReportRow row) {
    List<String> parts = new ArrayList<>();
    row.result()
        .ifPresent(
            result -> {
              parts.add(result.width() + " × " + result.height());
              parts.add(NumberFormats.count(result.iterations()) + " iterations");
            });
    if (row.times().totalMs() > 0) {
      parts.add(NumberFormats.duration(row.times().totalMs()));
    }
    return String.join(" · ", parts);
  }

  private static List<Page.Fact> facts(ReportRow row, Optional<LossSample> last) {
    List<Page.Fact> facts = new ArrayList<>();
    facts.add(new Page.Fact("Content", SafeText.of(row.content().uri())));
    for (ReportRow.StyleSource style : row.styles()) {
      String share =
          row.styles().size() > 1 ? " (" + NumberFormats.percent(style.weight()) + ")" : "";
      facts.add(new Page.Fact("Style", SafeText.of(style.source().uri()) + share));
    }
    row.result()
        .ifPresent(
            result -> {
              facts.add(new Page.Fact("Size", result.width() + " × " + result.height() + " px"));
              facts.add(new Page.Fact("Iterations", NumberFormats.count(result.iterations())));
              facts.add(new Page.Fact("Stopped", result.stopReason()));
            });
    last.ifPresent(
        sample -> {
          for (LossChart.Term term : LossChart.TERMS) {
            double start = term.loss().applyAsDouble(row.losses().get(0));
            double end = term.loss().applyAsDouble(sample);
            facts.add(
                new Page.Fact(
                    term.name() + " loss",
                    NumberFormats.number(start) + " → " + NumberFormats.number(end)));
          }
        });
    Timings times = row.times();
    if (times.totalMs() > 0) {
      facts.add(new Page.Fact("Time", NumberFormats.duration(times.totalMs())));
    }
    row.inputWarnings()
        .forEach(warning -> facts.add(new Page.Fact("Input warning", SafeText.of(warning))));
    facts.add(new Page.Fact("Key", row.key()));
    return facts;
  }

  private static String sparkline(List<LossSample> losses) {
    if (losses.size() < 2) {
      return "";
    }
    LogScale scale = LogScale.around(losses.stream().map(LossSample::totalLoss).toList());
    StringBuilder points = new StringBuilder();
    int steps = Math.min(losses.size() - 1, 24);
    for (int step = 0; step <= steps; step++) {
      LossSample sample = losses.get(step * (losses.size() - 1) / steps);
      points
          .append(step == 0 ? "" : " ")
          .append(step * SPARKLINE / steps)
          .append(',')
          .append(SPARKLINE - Math.round(SPARKLINE * scale.position(sample.totalLoss())));
    }
    return points.toString();
  }

  private List<LossChart> charts() {
    List<List<LossSample>> losses = report.rows().stream().map(ReportRow::losses).toList();
    if (losses.stream().allMatch(samples -> samples.size() < 2)) {
      return List.of();
    }
    List<String> titles =
        List.of("Total, weighted", "Content term", "Style term", "Total variation term");
    List<LossChart> charts = new ArrayList<>();
    for (int i = 0; i < titles.size(); i++) {
      charts.add(LossChart.ofRows(titles.get(i), LossChart.TERMS.get(i), losses));
    }
    return charts;
  }

  private List<Page.FailureGroup> failures(List<Page.Card> cards) {
    EnumMap<ErrorCode, Long> totals = new EnumMap<>(ErrorCode.class);
    totals.putAll(report.failures());
    EnumMap<ErrorCode, List<Page.Card>> listed = new EnumMap<>(ErrorCode.class);
    for (Page.Card card : cards) {
      report
          .rows()
          .get(card.index())
          .failure()
          .ifPresent(
              failure -> {
                totals.putIfAbsent(failure.code(), 0L);
                listed.computeIfAbsent(failure.code(), code -> new ArrayList<>()).add(card);
              });
    }
    List<Page.FailureGroup> groups = new ArrayList<>();
    totals.forEach(
        (code, total) -> {
          List<Page.Card> rows = listed.getOrDefault(code, List.of());
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
    return code.isUsersToFix() ? "yours to mend, then run again" : "running again will not help";
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
                        "at "
                            + NumberFormats.money(cost.pricePerHour(), cost.currency())
                            + " a device-hour",
                        NumberFormats.money(cost.amount(), cost.currency()))));
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
              median(millis.get(i)),
              BAR * before / total,
              BAR * (before + spent) / total - BAR * before / total));
      before += spent;
    }
    return stages;
  }

  /** Of the rows shown that were computed; empty where none was. */
  private String median(ToLongFunction<Timings> stage) {
    long[] millis =
        report.rows().stream()
            .map(ReportRow::times)
            .filter(times -> times.totalMs() > 0)
            .mapToLong(stage)
            .sorted()
            .toArray();
    return millis.length == 0 ? "" : NumberFormats.duration(millis[millis.length / 2]);
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

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
