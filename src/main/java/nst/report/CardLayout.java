package nst.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nst.model.LossSample;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;

/** Lays out the cards of a page, one for each row. Every image is stored once on the page. */
final class CardLayout {
  private static final int SPARKLINE = 100;

  /** The largest number of knobs on a card. The large view shows all of them. */
  private static final int KNOBS_ON_A_CARD = 6;

  private final Map<PageImage, String> placed = new HashMap<>();
  private final Map<PageImage, Page.Placed> larges = new LinkedHashMap<>();

  /** Returns the card of a row. */
  Page.Card card(int index, ReportRow row) {
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
        row.status().name().toLowerCase(Locale.ROOT),
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

  private Page.Placed place(PageImage image) {
    String known = placed.get(image);
    String id = known == null ? "picture-" + placed.size() : known;
    placed.put(image, id);
    return new Page.Placed(
        id, known == null ? List.of(image) : List.of(), image.width(), image.height());
  }

  private String placeLarge(PageImage image) {
    return larges
        .computeIfAbsent(
            image,
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
    if (last.isEmpty() && row.result().isPresent()) {
      facts.add(new Page.Fact("Losses", "not measured"));
    }
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

  private static String absence(Status status) {
    return switch (status) {
      case OK -> "the picture is not on this page";
      case FAILED -> "failed";
      case SKIPPED -> "done before";
      case DUPLICATE -> "same request as another row";
    };
  }

  /** The images for the large view of all cards so far. */
  List<Page.Placed> larges() {
    return List.copyOf(larges.values());
  }
}
