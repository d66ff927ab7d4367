package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import nst.cli.CommandSequence;
import nst.image.record.ImageRecordReader;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that credentials in the inputs do not appear in any output. */
class SecretsIT {
  private static final String PASSWORD = "pAssw0rdInTheUri";
  private static final String SIGNATURE = "s1gnatureInTheQuery";
  private static final String USER = "s3a://AKIAUSER:" + PASSWORD + "@bucket/x.png";
  private static final String[] SIGNED = {
    "x.png?X-Amz-Date=1&X-Amz-Signature=" + SIGNATURE,
    "https://h/x.png?Signature=" + SIGNATURE + "&Expires=1",
    "s3a://bucket/x.png?sig=" + SIGNATURE,
    "/x.png?a=1&token=" + SIGNATURE
  };
  private static final List<String> MARKS =
      List.of(PASSWORD, SIGNATURE, "AKIAUSER", "X-Amz-Signature");

  @TempDir Path folder;
  @TempDir Path scratch;

  /** A run, then commands with credentials in their arguments, in one process. */
  @Test
  void nothingThatARunWritesOrACommandSaysHoldsThem() throws IOException {
    String manifest = manifest().toString();
    String elsewhere = scratch.resolve("elsewhere").toString();
    List<List<String>> commands = new ArrayList<>();
    commands.add(
        List.of(
            "run",
            manifest,
            "--output",
            scratch.resolve("out").toString(),
            "--run-id",
            "r",
            "--image-size",
            "32",
            "--num-iterations",
            "1",
            "--content-layers",
            "relu1_1:1",
            "--style-layers",
            "relu1_1:1",
            "--max-failed-ratio",
            "1"));
    commands.add(List.of("run", USER, "--output", elsewhere));
    commands.add(List.of("run", manifest, "--output", USER, "--weights", USER));
    commands.add(
        List.of("plan", manifest, "--output", elsewhere, "--set", "costs.path=" + SIGNED[2]));
    commands.add(List.of("validate", manifest, "--uri-allowed-prefixes", USER, "--json"));
    commands.add(List.of("verify", "--output", SIGNED[2], SIGNED[0]));
    commands.add(
        List.of(
            "sweep",
            "--content",
            USER,
            "--style",
            SIGNED[0],
            "--grid",
            "init_image=" + USER,
            "--output",
            elsewhere));

    Command.Outcome outcome = inOneProcess(commands);

    List<String> ends = new ArrayList<>(List.of(CommandSequence.ended(0)));
    ends.addAll(Collections.nCopies(commands.size() - 1, CommandSequence.ended(2)));
    assertThat(outcome.out().lines().filter(line -> line.startsWith("ended with")))
        .as(outcome.err())
        .containsExactlyElementsOf(ends);
    Map<String, String> texts = texts(scratch);
    assertThat(texts.keySet())
        .anyMatch(name -> name.endsWith("_RUN.json"))
        .anyMatch(name -> name.endsWith("_PLAN.json"))
        .anyMatch(name -> name.endsWith("nst.log"))
        .anyMatch(name -> name.endsWith(".jsonl"))
        .anyMatch(name -> name.endsWith("index.html"))
        .anyMatch(name -> name.endsWith("plan as a table"))
        .anyMatch(name -> name.endsWith("metrics as a table"))
        .anyMatch(name -> name.endsWith("record"));
    hold(texts);
    String metrics = texts.get(name(texts, "metrics as a table"));
    assertThat(metrics)
        .contains("URI_NOT_ALLOWED", "INVALID_ID", "INVALID_PARAMETER")
        .contains("\"note\":\"s3a://bucket/x.png\"")
        .contains("\"note\":\"x.png?...\"");
  }

  private Command.Outcome inOneProcess(List<List<String>> commands) {
    List<String> arguments = new ArrayList<>();
    for (List<String> command : commands) {
      arguments.addAll(command);
      arguments.add(CommandSequence.END);
    }
    Map<String, String> sequence =
        Map.of(
            "NST_JAVA_OPTS",
            "-cp "
                + LauncherClassPath.jars()
                + ":target/test-classes "
                + CommandSequence.class.getName());
    return Command.start(scratch, sequence, arguments.toArray(String[]::new)).outcome();
  }

  /** Writes a row for each column that may contain credentials, and valid rows. */
  private Path manifest() {
    String[] columns = {
      "content_version", "mask", "style_mask", "preset", "init_image", "network", "pooling"
    };
    TestCatalogue catalogue =
        new TestCatalogue(folder).picture("x.png", 40, 32, 1).picture("s.png", 32, 32, 2);
    for (String column : columns) {
      catalogue.column(column, DataTypes.StringType);
    }
    StructType pair = new StructType().add("uri", DataTypes.StringType);
    catalogue
        .column("note", DataTypes.StringType)
        .column("notes", DataTypes.createArrayType(DataTypes.StringType))
        .column("pair", pair);
    int places = 3 + columns.length;
    List<String> secrets = new ArrayList<>(List.of(SIGNED));
    secrets.add(USER);
    for (String secret : secrets) {
      for (int place = 0; place < places; place++) {
        Object[] row = new Object[places + 3];
        row[0] = "row " + secrets.indexOf(secret) + " " + place;
        row[1] = "x.png";
        row[2] = "s.png";
        row[place] = secret;
        catalogue.row(row);
      }
      Object[] made = new Object[places + 3];
      made[0] = "made " + secrets.indexOf(secret);
      made[1] = "x.png";
      made[2] = "s.png";
      made[places] = secret;
      made[places + 1] = new String[] {secret};
      made[places + 2] = RowFactory.create(secret);
      catalogue.row(made);
    }
    return catalogue.write();
  }

  private static String name(Map<String, String> texts, String end) {
    return texts.keySet().stream().filter(name -> name.endsWith(end)).findFirst().orElseThrow();
  }

  private static void hold(Map<String, String> texts) {
    texts.forEach(
        (name, text) -> {
          for (String mark : MARKS) {
            assertThat(text.contains(mark)).as(name + " holds " + mark).isFalse();
          }
        });
  }

  private static List<String> rows(List<String> parts) {
    return TestSpark.spark().read().parquet(parts.toArray(new String[0])).toJSON().collectAsList();
  }

  /** Reads every file below a folder as text, and also decodes tables and records. */
  private static Map<String, String> texts(Path root) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    Map<Path, List<String>> tables = new TreeMap<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      texts.put(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
      if (file.toString().endsWith(".png")) {
        texts.put(file + " record", ImageRecordReader.read(bytes).orElseThrow());
      }
      if (file.toString().endsWith(".parquet")) {
        tables.computeIfAbsent(file.getParent(), parent -> new ArrayList<>()).add(file.toString());
      }
    }
    tables.forEach(
        (parent, parts) -> texts.put(parent + " as a table", String.join("\n", rows(parts))));
    return texts;
  }
}
