package nst.report;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.model.text.Sha256;
import nst.record.RunSummary;
import nst.report.row.EmbeddedPart;
import nst.report.row.PageJson;
import nst.report.row.PageParts;
import nst.report.row.PageRow;
import nst.report.row.Picture;
import nst.report.row.RowCollector;

/** A small run to render. Tests change fields, add rows, and call {@link #report()}. */
final class ReportFixture {
  String runId = "autumn-07";
  String manifest = "s3a://catalogue/manifest.parquet";
  String preset = "balanced";
  boolean isSweep;
  RunSummary.Network network =
      network(
          "vgg19 (untrained: seeded random orthogonal)", "seeded-orthogonal-1", false, "assumed");
  Optional<RunSummary.Rows> counts = Optional.empty();
  Map<ErrorCode, Long> failures = new EnumMap<>(ErrorCode.class);
  final List<PageRow> rows = new ArrayList<>();
  final List<RunReport.Curve> curves = new ArrayList<>();
  final List<RunReport.Setting> settings = new ArrayList<>();
  final Map<String, String> versions = new LinkedHashMap<>(Map.of("nst", "0.1.0"));

  ReportFixture() {
    settings.add(new RunReport.Setting("content_weight", "0.02", "default"));
    settings.add(new RunReport.Setting("style_weight", "1.0", "default"));
    settings.add(new RunReport.Setting("image_size", "256", "--image-size"));
  }

  /** Six rows that cover every status, one of them with two styles. */
  static ReportFixture ofEveryStatus() {
    ReportFixture fixture = new ReportFixture();
    fixture.rows.add(ok(0, "kitten", "kitten.jpg", "waves.png", Map.of()));
    fixture.rows.add(
        ok(1, "kitten, lighter", "kitten.jpg", "waves.png", Map.of("style_weight", "0.5")));
    fixture.rows.add(failed(2, "gone", ErrorCode.NOT_FOUND, "expected an object, none was there"));
    fixture.rows.add(
        failed(3, "cut", ErrorCode.CORRUPT_IMAGE, "expected a whole JPEG, was cut short"));
    fixture.rows.add(of(4, "before", Status.SKIPPED));
    fixture.rows.add(of(5, "twice", Status.DUPLICATE));
    fixture.curves.add(new RunReport.Curve(0, "kitten", losses(40)));
    fixture.curves.add(new RunReport.Curve(1, "kitten, lighter", losses(40)));
    return fixture;
  }

  RunReport report() {
    EnumMap<Status, Long> tally = new EnumMap<>(Status.class);
    rows.forEach(row -> tally.merge(row.status(), 1L, Long::sum));
    EnumMap<ErrorCode, Long> codes = new EnumMap<>(ErrorCode.class);
    rows.forEach(
        row -> row.failure().ifPresent(failure -> codes.merge(failure.code(), 1L, Long::sum)));
    codes.putAll(failures);
    Timings stages =
        rows.stream().flatMap(row -> row.times().stream()).reduce(Timings.NONE, ReportFixture::sum);
    MemoryParts parts = new MemoryParts();
    RowCollector collector = new RowCollector(parts);
    rows.forEach(collector::add);
    collector.end();
    return new RunReport(
        new RunReport.Identity(
            runId,
            LocalDate.of(2026, 11, 21),
            manifest,
            "s3a://catalogue/out",
            Instant.parse("2026-11-21T09:12:03Z"),
            Instant.parse("2026-11-21T09:15:41Z")),
        counts.orElse(
            new RunSummary.Rows(
                rows.size(),
                tally.getOrDefault(Status.OK, 0L),
                tally.getOrDefault(Status.FAILED, 0L),
                tally.getOrDefault(Status.SKIPPED, 0L),
                tally.getOrDefault(Status.DUPLICATE, 0L))),
        codes,
        List.of(network),
        preset,
        settings,
        versions,
        new RunReport.Throughput(
            612,
            218,
            401,
            List.of("cpu", "cpu"),
            stages,
            Optional.of(new RunReport.Cost(0.134, 1.2))),
        collector,
        isSweep,
        parts,
        curves,
        List.of("All rows have large pictures and curves."),
        "../../../../images/v1/");
  }

  /** Returns the page as text. */
  static String html(RunReport report) {
    StringWriter page = new StringWriter();
    try {
      HtmlReport.write(report, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString();
  }

  static PageRow ok(
      long number, String id, String content, String style, Map<String, String> knobs) {
    return row(
        number,
        id,
        Status.OK,
        Optional.empty(),
        content,
        List.of(style(style, 1)),
        knobs,
        Optional.of(
            new PageRow.Saved(
                "4b/4bf5.png", 256, 170, 40, "ITERATIONS", 0.0123456789, 0.25, 0.5, 0.3, 1.2)));
  }

  static PageRow failed(long number, String id, ErrorCode code, String message) {
    return failed(number, id, id + ".jpg", Map.of(), code, message);
  }

  static PageRow failed(
      long number,
      String id,
      String content,
      Map<String, String> knobs,
      ErrorCode code,
      String message) {
    return row(
        number,
        id,
        Status.FAILED,
        Optional.of(new Failure(code, message)),
        content,
        List.of(style("waves.png", 1)),
        knobs,
        Optional.empty());
  }

  static PageRow of(long number, String id, Status status) {
    return row(
        number,
        id,
        status,
        Optional.empty(),
        id + ".jpg",
        List.of(style("waves.png", 0.75), style("night.png", 0.25)),
        Map.of(),
        Optional.empty());
  }

  static PageRow row(
      long number,
      String id,
      Status status,
      Optional<Failure> failure,
      String content,
      List<PageRow.Style> styles,
      Map<String, String> knobs,
      Optional<PageRow.Saved> saved) {
    return new PageRow(
        number,
        id,
        Sha256.hex(new byte[] {1}).substring(0, 32),
        status,
        failure,
        "s3a://catalogue/content/" + content,
        styles,
        knobs,
        Map.of("album", "spring"),
        saved,
        saved.map(image -> new Picture("pictures/ab/abcd.jpg", 6, 4)),
        saved.map(image -> new Timings(12, 30, 9000, 60, 20)),
        List.of("content: EXIF is damaged and was ignored"));
  }

  static PageRow.Style style(String name, double weight) {
    return new PageRow.Style("s3a://catalogue/style/" + name, weight, "", "");
  }

  /** Losses from 1 down to about 0.1. */
  static List<LossSample> losses(int iterations) {
    List<LossSample> samples = new ArrayList<>();
    for (int i = 0; i <= iterations; i++) {
      double style = 0.1 + 0.9 * Math.exp(-6.0 * i / iterations);
      double content = 0.01 * i / iterations;
      int scale = i < iterations / 2 ? 128 : 256;
      samples.add(
          new LossSample(
              scale, i, i, content, style, 0.3, style + content, Map.of(), 1, 1, 90L * i));
    }
    return samples;
  }

  private static Timings sum(Timings a, Timings b) {
    return new Timings(
        a.readMs() + b.readMs(),
        a.decodeMs() + b.decodeMs(),
        a.optimizeMs() + b.optimizeMs(),
        a.encodeMs() + b.encodeMs(),
        a.writeMs() + b.writeMs());
  }

  static RunSummary.Network network(String name, String sha256, boolean trained, String factsFrom) {
    return new RunSummary.Network("vgg19", name, sha256, trained, "torchvision", 1, factsFrom);
  }

  /** Keeps data as the text of its script file. */
  static final class MemoryParts implements PageParts {
    final Map<String, String> data = new LinkedHashMap<>();

    @Override
    public Picture picture(byte[] jpeg, int width, int height) {
      return new Picture("pictures/ab/" + Sha256.hex(jpeg) + ".jpg", width, height);
    }

    @Override
    public void data(String name, Object value, boolean onOpening) {
      data.put(name, PageJson.script(name, value));
    }

    @Override
    public List<String> scripts() {
      return data.keySet().stream().map(name -> "data/" + name + ".js").toList();
    }

    @Override
    public List<EmbeddedPart> embedded() {
      return List.of();
    }
  }
}
