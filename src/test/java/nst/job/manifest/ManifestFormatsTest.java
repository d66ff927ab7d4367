package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import nst.image.TestFiles;
import nst.job.PlannedManifest;
import nst.job.TestCatalogue;
import nst.model.InvalidInputException;
import nst.model.Problems.Problem;
import nst.model.TransferException;
import nst.model.TransferRequest;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests manifests in CSV, TSV and JSON lines. */
@Tag("slow")
class ManifestFormatsTest {
  private static final Path TEXTS = Path.of("src/test/resources/nst/manifests");

  @TempDir Path folder;

  @Test
  void theSameRowsAreTheSamePlanInEveryFormat() throws IOException {
    PlannedManifest parquet = PlannedManifest.of(parquet(), folder);
    assertThat(parquet.rows())
        .extracting(row -> row.<String>getAs("status"))
        .containsExactly("PLANNED", "PLANNED", "PLANNED", "FAILED", "FAILED");
    for (String name : List.of("same.csv", "same.tsv", "same.jsonl")) {
      PlannedManifest same =
          PlannedManifest.of(Files.copy(TEXTS.resolve(name), folder.resolve(name)), folder);
      StructType columns = parquet.plan().dataset().select(sorted(parquet)).schema();
      assertThat(same.plan().dataset().select(sorted(same)).schema()).as(name).isEqualTo(columns);
      assertThat(values(same)).as(name).isEqualTo(values(parquet));
    }
  }

  /** The same rows as the texts. */
  private Path parquet() {
    StructType style =
        new StructType()
            .add("uri", DataTypes.StringType)
            .add("weight", DataTypes.DoubleType)
            .add("mask", DataTypes.StringType);
    Object[] styles = {
      RowFactory.create("s.jpg", 2.0, "m.png"), RowFactory.create("t.jpg", null, null)
    };
    String[] both = {"relu4_2", "relu3_1"};
    String[] one = {"relu4_2"};
    return new TestCatalogue(folder)
        .column("styles", DataTypes.createArrayType(style))
        .column("preset", DataTypes.StringType)
        .column("content_weight", DataTypes.DoubleType)
        .column("image_size", DataTypes.IntegerType)
        .column("content_layers", DataTypes.createArrayType(DataTypes.StringType))
        .column("style_layers", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType))
        .column("shot", DataTypes.LongType)
        .column("rating", DataTypes.DoubleType)
        .column("sharp", DataTypes.BooleanType)
        .column("note", DataTypes.StringType)
        .column("code", DataTypes.StringType)
        .row(
            "a",
            "photos/a.jpg",
            "s.jpg",
            null,
            null,
            0.5,
            256,
            both,
            Map.of("relu1_1", 0.5, "relu2_1", 1.0),
            12L,
            4.5,
            true,
            "two\nlines, \"quoted\"",
            "007")
        .row(null, "b.jpg", null, styles, null, 1.0, null, one, null, null, null, null, null, "12")
        .row(
            "c", "c.jpg", "s.jpg", null, "gatys", null, 64, null, null, -3L, 1e-3, false, "größe",
            "1")
        .row("d", "d.jpg", "s.jpg", null, null, null, 5, null, null, null, null, null, null, null)
        .row("e", null, "s.jpg", null, null, null, null, null, null, null, null, null, null, "x")
        .write();
  }

  private static Column[] sorted(PlannedManifest manifest) {
    return Arrays.stream(manifest.plan().schema().fieldNames())
        .sorted()
        .map(name -> manifest.plan().dataset().col(name))
        .toArray(Column[]::new);
  }

  private static List<String> values(PlannedManifest manifest) {
    List<String> names = Arrays.stream(manifest.plan().schema().fieldNames()).sorted().toList();
    return manifest.rows().stream()
        .map(row -> names.stream().map(name -> name + "=" + row.getAs(name)).toList().toString())
        .toList();
  }

  @Test
  void theExamplesOfTheManualAreTheSame() throws IOException {
    Path page = Path.of("docs/manifest.md");
    PlannedManifest csv = planned("m.csv", example(page, "csv"));
    PlannedManifest json = planned("m.jsonl", example(page, "json"));
    assertThat(keys(csv)).hasSize(2).doesNotContainNull().isEqualTo(keys(json));
  }

  /** The code block of a language. */
  private static String example(Path page, String language) throws IOException {
    return Files.readString(page).split("```" + language + "\n", 2)[1].split("```", 2)[0];
  }

  private static List<String> keys(PlannedManifest manifest) {
    return manifest.rows().stream().map(row -> row.<String>getAs("key")).toList();
  }

  @Test
  void typesThatWouldLoseADigitAreTexts() throws IOException {
    StructType types =
        PlannedManifest.open(
                Files.writeString(
                    folder.resolve("m.csv"),
                    """
                    content,style,version,zip,huge,mixed,flag,none,exact
                    a.jpg,s.jpg,1.10,01234,12345678901234567890,1,true,,1.5
                    b.jpg,s.jpg,1.2,99999,1,true,true,,2
                    """))
            .schema();
    assertThat(List.of("version", "zip", "huge", "mixed", "none"))
        .allSatisfy(
            name -> assertThat(types.apply(name).dataType()).isEqualTo(DataTypes.StringType));
    assertThat(types.apply("flag").dataType()).isEqualTo(DataTypes.BooleanType);
    assertThat(types.apply("exact").dataType()).isEqualTo(DataTypes.DoubleType);
  }

  /** A row that cannot be read fails alone, and every line is a row. */
  @Test
  void anInvalidCsvRowFailsWithoutTheOthers() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("a,a.jpg,s.jpg,64", "");
    rows.put("b,b.jpg,s.jpg,64,x", "Invalid row id=row-1: line 3: expected 4 cells");
    rows.put("c,b.jpg", "Invalid row id=row-2: line 4: expected 4 cells");
    rows.put(
        "d,b.jpg,s.jpg,small",
        "Invalid image_size in row id=d: expected a whole number from 32 to 16384, was small");
    rows.put("e,b.jpg,s.jpg,64.5", "was 64.5");
    rows.put(",,,", "Invalid content in row id=row-5: expected a URI, was null");
    rows.put("g,\"a,\"\"b.jpg\",s.jpg,", "");

    List<Object> outcomes = outcomes("m.csv", "id,content,style,image_size\n", rows.keySet());

    assertThat(messages(outcomes)).hasSize(7);
    assertMessages(outcomes, rows.values());
    assertThat(((TransferRequest) outcomes.get(6)).content())
        .isEqualTo("file:" + folder + "/a,\"b.jpg");
  }

  @Test
  void anInvalidJsonLineFailsWithoutTheOthers() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("{'content': 'a.jpg', 'style': 's.jpg', 'id': 7.0}", "");
    rows.put("{'content': 'b.jpg', 'sty", "Invalid row id=row-1: line 2: expected one JSON object");
    rows.put(
        "{'content': 'b.jpg', 'style': ['s.jpg']}",
        "line 3: column style: expected a single value");
    rows.put(
        "{'id': 'x', 'content': 'b.jpg', 'styles': ['s.jpg']}",
        "Invalid row id=x: line 4: column styles: expected a JSON array such as");
    rows.put(
        "{'content': 'b.jpg', 'styles': [{'url': 's.jpg'}]}",
        "expected the fields uri, weight, mask, style_mask, was url");
    rows.put(
        "{'content': 'b.jpg', 'styles': [{'uri': 's.jpg', 'weight': '2'}]}",
        "expected a number for weight");
    rows.put(
        "{'content': 'b.jpg', 'style': 's.jpg', 'seed': true}",
        "Invalid seed in row id=row-6: expected a whole number, was true");
    rows.put(
        "{'content': 'b.jpg', 'style': 's.jpg', 'content_layers': [1, 2]}",
        "Invalid content_layers in row id=row-7: expected layers");

    List<Object> outcomes =
        outcomes(
            "m.jsonl", "", rows.keySet().stream().map(line -> line.replace('\'', '"')).toList());

    assertMessages(outcomes, rows.values());
    assertThat(((TransferRequest) outcomes.get(0)).id()).isEqualTo("7");
  }

  private static void assertMessages(List<Object> outcomes, Collection<String> expected) {
    assertThat(messages(outcomes)).hasSameSizeAs(expected);
    Iterator<String> words = expected.iterator();
    assertThat(messages(outcomes))
        .allSatisfy(
            message -> {
              String wanted = words.next();
              assertThat(message).contains(wanted);
              assertThat(message.isEmpty()).isEqualTo(wanted.isEmpty());
            });
  }

  /** The faults; an empty text for a request. */
  private static List<String> messages(List<Object> outcomes) {
    return outcomes.stream()
        .map(each -> each instanceof TransferException fault ? fault.getMessage() : "")
        .toList();
  }

  /** The request or the fault of each row. */
  private List<Object> outcomes(String name, String header, Collection<String> lines)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name), header + String.join("\n", lines));
    return ManifestTest.outcomes(PlannedManifest.open(file));
  }

  @Test
  void theByteOrderMarkOfExcelAndGzipAreNoPartOfTheRows() throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("m.csv.gz")))) {
      out.write("\uFEFFid,content,style\r\na,a.jpg,s.jpg\r\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(ManifestTest.outcomes(PlannedManifest.open(folder.resolve("m.csv.gz"))))
        .extracting(request -> ((TransferRequest) request).id())
        .containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "content,style,style\\na,b,c\\n | style: expected one column of this name, found several",
        "photos/a.jpg,s.jpg\\n"
            + " | line 1: expected the names of the columns, such as content and style, was"
            + " 'photos/a.jpg,s.jpg'",
        "content;style\\na.jpg;s.jpg\\n | Columns of CSV are separated by commas",
        "content,style,image_sise\\na.jpg,s.jpg,64\\n | Did you mean `image_size`?",
        "content\\na.jpg\\n | The columns `style` and `styles` are both missing",
        "content,style\\n\"a.jpg,s.jpg | line 2: expected a closing quote",
      })
  void aFileThatIsNoTableIsRefused(String text, String expected) throws IOException {
    Path file = Files.writeString(folder.resolve("m.csv"), text.replace("\\n", "\n"));
    assertThat(refused(file))
        .anySatisfy(problem -> assertThat(problem.toString()).contains(expected));
  }

  @Test
  void aPhotoIsNoManifest() throws IOException {
    Path file = Files.write(folder.resolve("rows"), TestFiles.jpeg(16, 16));
    assertThat(refused(file))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .startsWith(
                        "expected a manifest (Parquet, CSV, TSV or JSON lines), but it is a JPEG"
                            + " image. To stylise one photo"));
  }

  @Test
  void filesOfAFolderAreOneTable() throws IOException {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    Files.writeString(parts.resolve("_SUCCESS"), "");
    Files.writeString(parts.resolve("b.csv"), "content,style,shot,size\nb.jpg,s.jpg,x1,1.5\n");
    Files.writeString(parts.resolve("a.csv"), "style,content,shot,size\ns.jpg,a.jpg,1,2\n");

    List<Row> planned = PlannedManifest.of(parts, folder).rows();

    assertThat(ManifestTest.outcomes(PlannedManifest.open(parts)))
        .extracting(request -> ((TransferRequest) request).content())
        .containsExactly("file:" + folder + "/a.jpg", "file:" + folder + "/b.jpg");
    assertThat(planned).extracting(row -> row.<Object>getAs("shot")).containsExactly("1", "x1");
    assertThat(planned).extracting(row -> row.<Object>getAs("size")).containsExactly(2.0, 1.5);
    Files.writeString(parts.resolve("c.jsonl"), "{\"content\":\"c.jpg\",\"style\":\"s.jpg\"}");
    assertThat(refused(parts))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.toString())
                    .endsWith("/c.jsonl: expected CSV like the files before it, was JSON lines"));
  }

  private PlannedManifest planned(String name, String text) throws IOException {
    return PlannedManifest.of(Files.writeString(folder.resolve(name), text), folder);
  }

  private static List<Problem> refused(Path manifest) {
    return catchThrowableOfType(InvalidInputException.class, () -> PlannedManifest.open(manifest))
        .problems();
  }
}
