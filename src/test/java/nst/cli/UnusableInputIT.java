package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import nst.image.TestFiles;
import nst.job.TestCatalogue;
import nst.record.ExitCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checks that every unusable manifest and configuration leads to exit code 2, as text and as JSON.
 */
class UnusableInputIT {
  @TempDir static Path folder;

  @BeforeAll
  static void prepare() throws IOException {
    Path manifest = new TestCatalogue(folder).row("a", "a.jpg", "s.jpg").write();
    Path whole;
    try (Stream<Path> files = Files.list(manifest)) {
      whole = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(folder.resolve("good.parquet"), bytes);
    Files.write(folder.resolve("half.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
    byte[] garbled = bytes.clone();
    Arrays.fill(garbled, 4, 60, (byte) 0xff); // damages pages; the footer at the end is intact
    Files.write(folder.resolve("garbled.parquet"), garbled);
    Files.write(folder.resolve("photo.jpg"), TestFiles.jpeg(16, 16));
    Files.writeString(folder.resolve("text.parquet"), "id,content,style");
    Files.write(folder.resolve("empty.parquet"), new byte[0]);
    Files.createDirectories(folder.resolve("nothing"));
    Files.createDirectories(folder.resolve("photos/deep"));
    Files.write(folder.resolve("photos/deep/a.jpg"), TestFiles.jpeg(16, 16));
    Files.createDirectories(folder.resolve("tables"));
    Files.write(folder.resolve("tables/part.parquet"), bytes);
    Files.writeString(folder.resolve("bad.conf"), "preset = {");
    Files.writeString(folder.resolve("bad.safetensors"), "no tensors");
    Files.createDirectories(folder.resolve("unwritten/runs/run_date=2026-01-01/run_id=x"));
    Files.writeString(
        folder.resolve("unwritten/runs/run_date=2026-01-01/run_id=x/_RUN.json"), "{\"rows\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "validate DIR/absent.parquet | expected a manifest (Parquet, CSV, TSV or JSON lines), found"
            + " no such file",
        "validate DIR/nothing | or a folder of such files, was an empty folder",
        "validate DIR/text.parquet | expected a Parquet table",
        "validate DIR/empty.parquet | expected a Parquet table",
        "validate DIR/photo.jpg | run: ./submit.sh stylize DIR/photo.jpg --style PAINTING.jpg",
        "run DIR/photo.jpg --output DIR/out | but it is a JPEG image",
        "validate DIR/photos | was a folder with 1 photo. To stylise them, name a painting:"
            + " --style",
        "validate DIR/photos --style DIR/none.jpg | expected an image, found no such file",
        "run DIR/nothing --style DIR/photo.jpg --output DIR/out | expected photos in DIR/nothing,"
            + " found none",
        "plan DIR/absent --style DIR/photo.jpg --output DIR/out | expected photos in DIR/absent,"
            + " found none",
        "plan DIR/photos --style DIR/photo.jpg --output DIR/photos/out | expected a folder outside the photos",
        "run DIR/photos --style DIR/photo.jpg --output DIR/photos | expected a folder outside the photos",
        "validate DIR/photos --style DIR/photo.jpg --exclude * | leave out every photo (1)",
        "validate DIR/photos --style DIR/photo.jpg --include [ | expected a glob",
        "validate DIR/good.parquet --style DIR/photo.jpg | was the file DIR/good.parquet",
        "validate DIR/tables --style DIR/photo.jpg | but a file of a manifest, which names the"
            + " styles",
        "validate DIR/photo.jpg --style DIR/photo.jpg | To stylise one photo, run: ./submit.sh"
            + " stylize",
        "validate DIR/good.parquet --include *.jpg | expected a folder of photos and" + " --style",
        "validate DIR/half.parquet | expected a Parquet table",
        "validate DIR/garbled.parquet | expected a Parquet table",
        "plan DIR/garbled.parquet --output DIR/out | expected a Parquet table",
        "validate BELL | without control characters",
        "validate /.. | below its root",
        "validate foo://bucket/m.parquet | storage that Hadoop supports",
        "plan DIR/good.parquet --output BLANK | --output: expected a URI or a path, was blank",
        "plan DIR/good.parquet --output foo://host/x | storage that Hadoop supports",
        "plan DIR/good.parquet --output s3a:///x | expected s3a://BUCKET/KEY",
        "plan DIR/good.parquet --output DIR/out --costs-path /.. | costs.path",
        "validate DIR/good.parquet --uri-allowed-prefixes /.. | uri.allowed_prefixes",
        "validate DIR/good.parquet --weights DIR/absent.safetensors | absent.safetensors",
        "validate DIR/good.parquet --weights DIR/bad.safetensors | bad.safetensors",
        "validate DIR/good.parquet --weights /.. | weights.path",
        "validate DIR/good.parquet --init-image /.. | init_image",
        "verify --output DIR/nothing | expected a folder that a run has written to",
        "verify --output DIR/absent | expected a folder that a run has written to",
        "verify --output DIR/good.parquet | expected a folder that a run has written to",
        "verify --output DIR/unwritten | _RUN.json",
        "report --output DIR/nothing | expected a finished run",
        "sweep --content a.jpg --style s.jpg --output DIR/good.parquet | expected a table that does not exist",
        "presets --config DIR/absent.conf | absent.conf",
        "presets --config DIR/nothing | nothing",
        "presets --config DIR/bad.conf | bad.conf",
        "presets --set nonsense | expected key=value",
        "presets --image-size large | image_size",
        "presets --no-such-flag | --no-such-flag",
        "validate | MANIFEST",
      })
  void endsWithCodeTwoInWordsAndAsJson(String line, String expected) throws IOException {
    InProcess.Outcome outcome = run(line + " --json");

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.INVALID.code());
    String words = expected.replace("DIR", folder.toString());
    assertThat(outcome.err()).contains(words).doesNotContain("Exception");
    JsonNode problems = new ObjectMapper().readTree(outcome.out()).get("problems");
    assertThat(problems).isNotEmpty();
    assertThat(problems.toString()).contains(words.replaceFirst("^--output: ", ""));
  }

  private static InProcess.Outcome run(String line) {
    return InProcess.run(
        Arrays.stream(line.strip().split(" +"))
            .map(word -> word.replace("DIR", folder.toString()))
            .map(word -> word.replace("BELL", "a\u0007b").replace("BLANK", " "))
            .toArray(String[]::new));
  }
}
