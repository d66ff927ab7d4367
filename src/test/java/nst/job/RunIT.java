package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.model.text.Sha256;
import nst.record.ImageRecords;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

/**
 * Tests whole runs. Runs that are observed are processes, as a user starts them; the others run in
 * this JVM.
 */
class RunIT extends RunFixture {
  /** A name of a user's column that Spark would execute if it parsed it as SQL. */
  private static final String OWN_NAME =
      "java_method('java.lang.System','getenv','HOME') AS note;{x}";

  private static final String BEYOND_ASCII = "\u00e9\u5c71.jpg";

  /**
   * Three rows are computed at a time, in a process of its own without a locale, as under cron, in
   * containers and under Airflow.
   */
  @Test
  void brokenRowsFailWithTheirReasonsAndAllOthersAreDoneAlsoWithANameBeyondAsciiUnderTheLocaleC()
      throws Exception {
    TestCatalogue catalogue =
        pictures()
            .column("content_weight", DataTypes.DoubleType)
            .column("album", DataTypes.StringType)
            .column(OWN_NAME, DataTypes.StringType)
            .file("empty.jpg", new byte[0])
            .file("page.jpg", "<html>Access denied</html>".getBytes(StandardCharsets.UTF_8))
            .row("good", "photo.jpg", "painting.png", null, "summer", "own")
            .row("same again", "photo.jpg", "painting.png", null, "winter")
            .row("missing", "none.jpg", "painting.png", null, null)
            .row("empty", "empty.jpg", "painting.png", null, null)
            .row("text", "page.jpg", "painting.png", null, null)
            .row("truncated", "half.jpg", "painting.png", null, null)
            .row("negative", "photo.jpg", "painting.png", -1.0, null)
            .row("price $5", null, "painting.png")
            .row("long", "y".repeat(200_000), "painting.png")
            .row("other", "photo.jpg", "painting.png", 0.5, null);
    byte[] photo = Files.readAllBytes(folder.resolve("photo.jpg"));
    catalogue.file("half.jpg", Arrays.copyOf(photo, photo.length / 2));
    copy("photo.jpg", BEYOND_ASCII);
    for (int i = 0; i < 5; i++) {
      catalogue.row("row-" + i, BEYOND_ASCII, "painting.png", 0.1 * (i + 1), null);
    }

    String[] arguments =
        arguments(catalogue.write(), "--batch-images", "3", "--json", "--run-id", "first");
    Command.Outcome outcome = Command.start(scratch, Map.of("LC_ALL", "C"), arguments).outcome();

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    JsonNode summary = json(outcome.out());
    assertThat(counts(summary)).isEqualTo("15 = 7 ok + 7 failed + 0 skipped + 1 duplicate");
    assertThat(Files.readString(runFolder("first").resolve("_RUN.json")))
        .isEqualTo(outcome.out().strip());
    Map<String, String> codes = new TreeMap<>();
    for (Row row : metrics("first").collectAsList()) {
      codes.put(row.getAs("id"), row.getAs("status") + " " + row.getAs("error_code"));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(codes.remove("row-" + i)).as("row-" + i).isEqualTo("OK null");
    }
    assertThat(codes)
        .isEqualTo(
            Map.of(
                "good", "OK null",
                "same again", "DUPLICATE null",
                "missing", "FAILED NOT_FOUND",
                "empty", "FAILED EMPTY",
                "text", "FAILED NOT_AN_IMAGE",
                "truncated", "FAILED CORRUPT_IMAGE",
                "negative", "FAILED INVALID_PARAMETER",
                "price $5", "FAILED INVALID_PARAMETER",
                "long", "FAILED INVALID_PARAMETER",
                "other", "OK null"));
    assertThat(summary.get("networks").get(0).get("name").asText()).isEqualTo("vgg16 (embedded)");
    assertThat(summary.get("networks").get(0).get("trained").asBoolean()).isTrue();
    assertThat(Files.readString(runFolder("first").resolve("report/index.html")))
        .contains("vgg16 (embedded)");
    isQuiet(outcome.err());
    Row good = metrics("first").where("id = 'good'").head();
    assertThat(good.<String>getAs("album")).isEqualTo("summer");
    assertThat(good.<String>getAs(OWN_NAME)).isEqualTo("own");
    assertThat(good.<Double>getAs("total_loss")).isLessThan(good.getAs("initial_total_loss"));
    assertThat(losses("first").where("key = '" + good.<String>getAs("key") + "'").count())
        .isEqualTo(5);
  }

  @Test
  void decidesByMeasurementHowManyRowsShareAPass() throws IOException {
    TestCatalogue catalogue = pictures().column("content_weight", DataTypes.DoubleType);
    for (int i = 0; i < 4; i++) {
      catalogue.row("row-" + i, "photo.jpg", "painting.png", 0.1 * (i + 1));
    }

    Command.Outcome outcome = run(catalogue.write(), "--batch-images", "auto", "--run-id", "auto");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    Matcher said =
        Pattern.compile("batch\\.images=auto: (\\d+) rows? at a time .*: 1: [0-9.]+, 2: [0-9.]+")
            .matcher(outcome.out());
    assertThat(said.find()).as(outcome.out()).isTrue();
    JsonNode config =
        json(Files.readString(runFolder("auto").resolve("_RUN.json"))).get("configuration");
    assertThat(config.get("batch.images").get("value").asText()).isEqualTo(said.group(1));
    assertThat(config.get("batch.images").get("source").asText()).isEqualTo("auto: measured");
    assertThat(metrics("auto").where("status = 'OK'").count()).isEqualTo(4);
  }

  @Test
  void recordsTheWarningsOfDecodersAndTheCreditsOfThePhoto() throws IOException {
    TestCatalogue catalogue =
        pictures()
            .file("frames.gif", resource("animated.gif"))
            .file("owned.jpg", resource("corpus/credited/all.jpg"))
            .row("frames", "frames.gif", "painting.png")
            .row("owned", "owned.jpg", "painting.png");
    assertThat(run(catalogue.write(), "--run-id", "told").exitCode()).isZero();

    Row frames = metrics("told").where("id = 'frames'").head();
    String warning = "content: the first of 2 frames or pages was used";
    assertThat(frames.<String>getList(frames.fieldIndex("input_warnings")))
        .containsExactly(warning);
    assertThat(Files.readString(runFolder("told").resolve("report/data/rows-0.js")))
        .contains(warning);
    Row owned = metrics("told").where("id = 'owned'").head();
    assertThat(owned.<String>getList(owned.fieldIndex("input_warnings"))).isEmpty();
    byte[] picture =
        Files.readAllBytes(Path.of(owned.<String>getAs("output_uri").replaceFirst("^file:", "")));
    assertThat(ImageRecords.of(picture).orElseThrow().request().content()).isEqualTo("owned.jpg");
    assertThat(new String(picture, StandardCharsets.UTF_8))
        .contains("Zoë Xmp", "Second &amp; Xmp", "© &lt;Xmp&gt;", "trainedAlgorithmicMedia")
        .doesNotContain("PLANTED")
        .doesNotContain(folder.toString());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = RunIT.class.getResourceAsStream("/nst/image/" + name)) {
      return stream.readAllBytes();
    }
  }

  @Test
  void theSameCommandAgainComputesNothingAndVerifyFindsWhatIsMissingAndWhatWasAltered()
      throws IOException {
    Path manifest =
        pictures().row("a", "photo.jpg", "painting.png").row("b", "photo.jpg", "photo.jpg").write();
    assertThat(run(manifest).exitCode()).isZero();
    Map<Path, FileTime> images = images();
    assertThat(images).hasSize(2);

    try (Stream<Path> written = Files.walk(Path.of(output()))) {
      assertThat(written).noneMatch(file -> file.getFileName().toString().startsWith("."));
    }

    Command.Outcome again = run(manifest, "--json");

    assertThat(again.exitCode()).isZero();
    assertThat(counts(json(again.out())))
        .isEqualTo("2 = 0 ok + 0 failed + 2 skipped + 0 duplicate");
    assertThat(images()).isEqualTo(images);
    Command.Outcome verified = Command.here("verify", "--output", output(), "--json");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(json(verified.out()).get("checked").asInt()).isEqualTo(2);
    picturesArePublishedUnderReadableNames();
    List<Path> made = List.copyOf(images.keySet());
    Files.delete(made.get(0)); // both runs have a row for it
    Files.write(made.get(1), new byte[] {1, 2, 3});
    Command.Outcome lost = Command.here("verify", "--output", output(), "--json");
    assertThat(lost.exitCode()).as(lost.err()).isEqualTo(3);
    assertThat(json(lost.out()).get("missing").asInt()).isEqualTo(1);
    assertThat(json(lost.out()).get("altered").asInt()).isEqualTo(1);
    assertThat(json(lost.out()).get("findings")).as("one for each picture").hasSize(2);
  }

  /** Publishes the rows a and b of the latest run, again, over another file, and with faults. */
  private void picturesArePublishedUnderReadableNames() throws IOException {
    Path gallery = folder.resolve("gallery");
    assertThat(published("{id}/{stem}-{style}.{ext}"))
        .isEqualTo("2 written 0 replaced 0 unchanged");
    try (Stream<Path> files = Files.walk(gallery)) {
      assertThat(files.filter(Files::isRegularFile).map(gallery::relativize).map(Path::toString))
          .containsExactlyInAnyOrder("a/photo-painting.png", "b/photo-photo.png");
    }
    Path one = gallery.resolve("a/photo-painting.png");
    byte[] picture = Files.readAllBytes(one);
    assertThat(images().keySet()).anySatisfy(file -> assertThat(file).hasBinaryContent(picture));
    Files.write(one, new byte[] {1, 2, 3});
    Files.delete(gallery.resolve("b/photo-photo.png"));

    Command.Outcome refused = publish("{id}/{stem}-{style}.{ext}");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("--to: expected no other files with these names, found 1: " + one);
    Command.Outcome shared = publish("{stem}.{ext}");
    assertThat(shared.exitCode()).isEqualTo(2);
    assertThat(shared.err())
        .contains("but 2 pictures (rows 0 to 1) would be named photo.png. Add a column");
    Command.Outcome unknown = publish("{stile}.{ext}");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("--names: Unknown name {stile}. Did you mean {style}?");
    assertThat(one).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(gallery.resolve("b/photo-photo.png")).doesNotExist();

    assertThat(published("{id}/{stem}-{style}.{ext}", "--overwrite"))
        .isEqualTo("1 written 1 replaced 0 unchanged");
    assertThat(one).hasBinaryContent(picture);
    assertThat(published("{id}/{stem}-{style}.{ext}", "--content-credentials"))
        .isEqualTo("0 written 0 replaced 2 unchanged");
    String large = "large-{id}.{ext}";
    assertThat(published(large, "--size", "original"))
        .isEqualTo("2 written 0 replaced 0 unchanged");
    assertThat(published(large, "--size", "original"))
        .isEqualTo("0 written 0 replaced 2 unchanged");
    RgbImage enlarged = decoded(gallery.resolve("large-a.png"));
    RgbImage photo = decoded(folder.resolve("photo.jpg"));
    assertThat(List.of(enlarged.width(), enlarged.height()))
        .isEqualTo(List.of(photo.width(), photo.height()));
    assertThat(publish(large, "--size", "50").err())
        .contains("expected no other files with these names, found 2");
    JsonNode credentials = json(Files.readString(Path.of(one + ".c2pa.json")));
    assertThat(credentials.get("title").asText()).isEqualTo("photo-painting.png");
    assertThat(credentials.at("/assertions/1/data/photo/sha256").asText())
        .isEqualTo(Sha256.hex(Files.readAllBytes(folder.resolve("photo.jpg"))));
  }

  private static RgbImage decoded(Path file) throws IOException {
    return new ImageDecoder(ImageLimits.DEFAULT).decode(Files.readAllBytes(file)).image();
  }

  private String published(String names, String... more) throws IOException {
    Command.Outcome outcome = publish(names, append(more, "--json"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode answer = json(outcome.out());
    return String.format(
        "%s written %s replaced %s unchanged",
        answer.get("written"), answer.get("replaced"), answer.get("unchanged"));
  }

  private Command.Outcome publish(String names, String... more) {
    String to = folder.resolve("gallery").toString();
    return Command.here(
        append(new String[] {"publish", "--output", output(), "--to", to, "--names", names}, more));
  }

  @Test
  void aFaultOfThePageIsNotedAndEndsNoRun() throws IOException {
    Path manifest = pictures().row("a", "photo.jpg", "painting.png").write();
    Path runFolder = Path.of(output(), "runs", "run_date=2026-01-01", "run_id=pageless");
    Files.createDirectories(runFolder);
    Files.createFile(runFolder.resolve("report")); // a file where the page needs a folder

    Command.Outcome outcome = run(manifest, "--run-id", "pageless", "--run-date", "2026-01-01");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out().replaceAll("\\s+", " "))
        .contains("page none: Cannot write file:")
        .contains("report/data/rows-0.js: Not a directory. To create it, run: report --output");
    JsonNode summary = json(Files.readString(runFolder.resolve("_RUN.json")));
    assertThat(summary.get("page_fault").asText())
        .startsWith("Cannot write file:")
        .endsWith("report/data/rows-0.js: Not a directory");
    assertThat(summary.get("exit_code").asInt()).isZero();
  }

  /** Uses a shell, because this JVM may have a locale that cannot write the name. */
  private void copy(String from, String to) throws Exception {
    Path script =
        Files.write(
            scratch.resolve("copy.sh"),
            List.of("cd \"$1\" && cp " + from + " " + to),
            StandardCharsets.UTF_8);
    Process copy =
        new ProcessBuilder("bash", script.toString(), folder.toString()).inheritIO().start();
    assertThat(copy.waitFor()).isZero();
  }

  @Test
  void aManifestWithFaultsStartsNothingAndNamesThemAll() throws IOException {
    Path manifest =
        new TestCatalogue(folder)
            .column("content_weight", DataTypes.StringType)
            .column("stile_weight", DataTypes.DoubleType)
            .row("a", "photo.jpg", "painting.png", "much", 1.0)
            .write();
    Command.Outcome outcome = run(manifest, "--json", "--set", "image_sise=3");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("image_sise: Unknown key `image_sise`. Did you mean `image_size`?");
    assertThat(Path.of(output())).doesNotExist();

    Command.Outcome validated =
        Command.here("validate", manifest.toString(), "--json", "--set", "image_sise=3");
    assertThat(validated.exitCode()).isEqualTo(2);
    assertThat(json(validated.out()).get("problems"))
        .extracting(problem -> problem.get("column").asText())
        .containsExactly("image_sise", "content_weight", "stile_weight");
  }

  @Test
  void weightsThatCannotBeUsedStartNothing() throws IOException {
    Path manifest = pictures().row("a", "photo.jpg", "painting.png").write();
    Path pickle = Files.write(folder.resolve("vgg19.pth"), new byte[] {(byte) 0x80, 2});
    Command.Outcome outcome = run(manifest, "--weights", pickle.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("a pickle is a program")
        .contains("weights fetch vgg19", "Convert another once: python -c");
    assertThat(Path.of(output())).doesNotExist();
  }

  @Test
  void planSaysWhatARunWouldDoAndWritesNothing() throws IOException {
    Path manifest =
        pictures()
            .row("a", "photo.jpg", "painting.png")
            .row("b", "photo.jpg", "painting.png")
            .write();
    Command.Outcome outcome =
        Command.here(
            "plan", manifest.toString(), "--output", output(), "--json", "--price-per-hour", "3.6");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode plan = json(outcome.out());
    assertThat(plan.get("rows").get("planned").asInt()).isEqualTo(1);
    assertThat(plan.get("rows").get("duplicate").asInt()).isEqualTo(1);
    assertThat(plan.get("cost").asDouble()).isEqualTo(plan.get("device_hours").asDouble() * 3.6);
    assertThat(Path.of(output())).doesNotExist();
  }

  @Test
  void anEmptyManifestIsDoneAtOnce() throws IOException {
    Command.Outcome outcome = run(new TestCatalogue(folder).write(), "--json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(counts(json(outcome.out())))
        .isEqualTo("0 = 0 ok + 0 failed + 0 skipped + 0 duplicate");
  }

  @Test
  void doctorFindsNoFaultOnThisMachine() throws IOException {
    Command.Outcome outcome = Command.here("doctor", "--json", "--output", output());
    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
    assertThat(json(outcome.out()).get("findings"))
        .extracting(finding -> finding.get("what").asText())
        .containsExactly(
            "java", "spark", "hadoop", "secrets", "weights", "libtorch", "device", "storage");
  }
}
