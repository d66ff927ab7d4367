package nst.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
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
import javax.imageio.ImageIO;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.model.text.Sha256;
import nst.record.RunSummary;

/** A small run to render. Tests change fields, add rows, and call {@link #report()}. */
final class ReportFixture {
  String runId = "autumn-07";
  String manifest = "s3a://catalogue/manifest.parquet";
  String preset = "balanced";
  RunSummary.Network network =
      network(
          "vgg19 (untrained: seeded random orthogonal)", "seeded-orthogonal-1", false, "assumed");
  Optional<RunSummary.Rows> counts = Optional.empty();
  Map<ErrorCode, Long> failures = new EnumMap<>(ErrorCode.class);
  long rowsNotShown;
  final List<ReportRow> rows = new ArrayList<>();
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
    fixture.rows.add(ok("kitten", "kitten.jpg", "waves.png", Map.of()));
    fixture.rows.add(
        ok("kitten, lighter", "kitten.jpg", "waves.png", Map.of("style_weight", "0.5")));
    fixture.rows.add(failed("gone", ErrorCode.NOT_FOUND, "expected an object, none was there"));
    fixture.rows.add(
        failed("cut", ErrorCode.CORRUPT_IMAGE, "expected a whole JPEG, was cut short"));
    fixture.rows.add(of("before", Status.SKIPPED));
    fixture.rows.add(of("twice", Status.DUPLICATE));
    return fixture;
  }

  RunReport report() {
    EnumMap<Status, Long> tally = new EnumMap<>(Status.class);
    rows.forEach(row -> tally.merge(row.status(), 1L, Long::sum));
    EnumMap<ErrorCode, Long> codes = new EnumMap<>(ErrorCode.class);
    rows.forEach(
        row -> row.failure().ifPresent(failure -> codes.merge(failure.code(), 1L, Long::sum)));
    codes.putAll(failures);
    Timings stages = rows.stream().map(ReportRow::times).reduce(Timings.NONE, ReportFixture::sum);
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
        rows,
        rowsNotShown);
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

  static ReportRow ok(String id, String content, String style, Map<String, String> knobs) {
    return new ReportRow(
        id,
        Sha256.hex(new byte[] {1}).substring(0, 32),
        Status.OK,
        Optional.empty(),
        new ReportRow.Source("s3a://catalogue/content/" + content, Optional.of(picture(Color.RED))),
        List.of(style(style, 1)),
        knobs,
        "../../../../images/v1/4b/4bf5.png",
        Optional.of(
            new ReportRow.Result(
                256,
                170,
                40,
                "iterations done",
                picture(new Color(id.hashCode() & 0xffffff)),
                picture(Color.BLUE),
                Optional.of(picture(Color.GREEN)))),
        losses(40),
        new Timings(12, 30, 9000, 60, 20),
        List.of("content: EXIF is damaged and was ignored"));
  }

  static ReportRow failed(String id, ErrorCode code, String message) {
    return new ReportRow(
        id,
        "",
        Status.FAILED,
        Optional.of(new Failure(code, message)),
        new ReportRow.Source("s3a://catalogue/content/" + id + ".jpg", Optional.empty()),
        List.of(style("waves.png", 1)),
        Map.of(),
        "",
        Optional.empty(),
        List.of(),
        Timings.NONE,
        List.of());
  }

  static ReportRow of(String id, Status status) {
    return new ReportRow(
        id,
        "",
        status,
        Optional.empty(),
        new ReportRow.Source("s3a://catalogue/content/" + id + ".jpg", Optional.empty()),
        List.of(style("waves.png", 0.75), style("night.png", 0.25)),
        Map.of(),
        "",
        Optional.empty(),
        List.of(),
        Timings.NONE,
        List.of());
  }

  static ReportRow.StyleSource style(String name, double weight) {
    return new ReportRow.StyleSource(
        new ReportRow.Source(
            "s3a://catalogue/style/" + name, Optional.of(picture(new Color(name.hashCode())))),
        weight);
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

  /** A plain picture of 6 x 4 pixels. */
  static PageImage picture(Color color) {
    BufferedImage image = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, 6, 4);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpg", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return PageImage.jpeg(bytes.toByteArray(), 6, 4);
  }

  static RunSummary.Network network(String name, String sha256, boolean trained, String factsFrom) {
    return new RunSummary.Network("vgg19", name, sha256, trained, "torchvision", 1, factsFrom);
  }
}
