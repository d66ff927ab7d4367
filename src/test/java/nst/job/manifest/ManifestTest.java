package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Backbone;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
public class ManifestTest {
  /** VGG19, VGG16 and MobileNetV2, all of which rows can select. */
  public static final Networks NETWORKS =
      new Networks(
          List.of(
              Network.seeded(Backbone.VGG19),
              Network.seeded(Backbone.VGG16),
              Network.seeded(Backbone.MOBILENET_V2)));

  @TempDir Path folder;

  @Test
  void findsEveryFaultOfTheColumnsAtOnce() {
    Path manifest =
        new TestCatalogue(folder)
            .column("content_weight", DataTypes.StringType)
            .column("styleweight", DataTypes.DoubleType)
            .column("num_iterations", DataTypes.BooleanType)
            .column("status", DataTypes.StringType)
            .column("album", DataTypes.StringType)
            .row("a", "c.png", "s.png", "heavy", 1.0, true, "new", "summer")
            .write();
    InvalidInputException fault =
        catchThrowableOfType(
            InvalidInputException.class,
            () -> ManifestTable.open(TestSpark.spark(), "file:" + manifest, config(), NETWORKS));
    assertThat(fault.problems())
        .extracting(Problem::column)
        .containsExactly("content_weight", "styleweight", "num_iterations", "status");
    assertThat(fault)
        .hasMessageContaining("content_weight: expected a number, was string")
        .hasMessageContaining("Unknown column `styleweight`. Did you mean `style_weight`?")
        .hasMessageContaining("num_iterations: expected a whole number, was boolean");
  }

  @Test
  void findsMissingColumns() {
    StructType schema = new StructType().add("photo", DataTypes.StringType);
    nst.model.Problems problems = new nst.model.Problems();
    ManifestColumns.check("m", schema, Set.of(), problems);
    assertThat(problems.list()).extracting(Problem::column).containsExactly("content", "style");
  }

  @Test
  void refusesWhatIsNoParquet() {
    new TestCatalogue(folder)
        .file("manifest.parquet", "id,content".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThatThrownBy(
            () ->
                ManifestTable.open(
                    TestSpark.spark(), "file:" + folder + "/manifest.parquet", config(), NETWORKS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected a Parquet table");
  }

  @Test
  void aRowGetsItsOwnValuesOverTheDefaults() {
    TransferRequest request =
        only(
            new TestCatalogue(folder)
                .column("content_weight", DataTypes.DoubleType)
                .column("image_size", DataTypes.IntegerType)
                .row("a", "c.png", "s.png", 0.7, null));
    assertThat(request.content()).isEqualTo("file:" + folder + "/c.png");
    assertThat(request.styles())
        .containsExactly(new TransferRequest.Style("file:" + folder + "/s.png", 1));
    assertThat(request.hyperparameters().contentWeight()).isEqualTo(0.7);
    assertThat(request.hyperparameters().imageSize())
        .isEqualTo(Preset.BALANCED.hyperparameters().imageSize());
  }

  @Test
  void aRowsPresetStatesAllOfItsValues() {
    RunConfig config = config(Map.of(Knob.NUM_ITERATIONS, 7L));
    Path manifest =
        new TestCatalogue(folder)
            .column("preset", DataTypes.StringType)
            .row("a", "c.png", "s.png", "gatys")
            .row("b", "c.png", "s.png", null)
            .write();
    List<TransferRequest> requests = requests(manifest, config);
    assertThat(requests.get(0).hyperparameters())
        .isEqualTo(Preset.GATYS.hyperparameters().on(Backbone.VGG19));
    assertThat(requests.get(1).hyperparameters().numIterations()).isEqualTo(7);
  }

  @Test
  void aRowThatStartsFromANetworkNamesItsFileAndHasOneScale() {
    Hyperparameters h =
        only(new TestCatalogue(folder)
                .column("init", DataTypes.StringType)
                .column("network", DataTypes.StringType)
                .column("num_iterations", DataTypes.IntegerType)
                .row("a", "c.png", "s.png", "network", "n.safetensors", 0))
            .hyperparameters();
    assertThat(h.network()).isEqualTo("file:" + folder + "/n.safetensors");
    assertThat(h.numIterations()).isZero();
    assertThat(h.smallestSize()).isZero();
    assertThat(Preset.BALANCED.hyperparameters().smallestSize()).isPositive();
  }

  @Test
  void anOpenBackboneIsTheRunsFirstNetworkAndSaysWhatItLacks() {
    Networks embedded = new Networks(List.of(Network.embedded()));
    Path manifest =
        new TestCatalogue(folder)
            .column("preset", DataTypes.StringType)
            .column("content_layers", DataTypes.StringType)
            .row("a", "c.png", "s.png", "d2l", null)
            .row("b", "c.png", "s.png", "gatys", null)
            .row("c", "c.png", "s.png", "d2l", "relu3_1:1")
            .write();
    List<TransferRequest> requests = requests(manifest, config(), embedded);

    assertThat(requests).allMatch(r -> r.hyperparameters().backbone() == Backbone.VGG16);
    assertThat(requests)
        .extracting(TransferRequest::substitutedLayers)
        .containsExactly("relu4_4 -> relu4_3", "", "");
    assertThat(requests.get(0).hyperparameters().text(Knob.CONTENT_LAYERS))
        .isEqualTo("relu4_3:1.0");
  }

  @Test
  void aMissingBackboneFailsTheRowAndNamesTheOption() {
    Networks embedded = new Networks(List.of(Network.embedded()));
    Path manifest =
        new TestCatalogue(folder)
            .column("backbone", DataTypes.StringType)
            .row("a", "c.png", "s.png", "vgg19")
            .write();

    assertThatThrownBy(() -> requests(manifest, config(), embedded))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("Invalid backbone in row id=a")
        .hasMessageContaining("expected one of vgg16 (embedded), was vgg19")
        .hasMessageContaining("weights.path");
  }

  @Test
  void aLayerThatTheRowItselfNamesIsNotReplaced() {
    Networks embedded = new Networks(List.of(Network.embedded()));
    Path manifest =
        new TestCatalogue(folder)
            .column("content_layers", DataTypes.StringType)
            .row("a", "c.png", "s.png", "relu4_4:1")
            .write();

    assertThatThrownBy(() -> requests(manifest, config(), embedded))
        .hasMessageContaining("expected layers of backbone=vgg16, was relu4_4. Use relu4_3");
  }

  @Test
  void readsSeveralStylesWithSharesThatAddUpToOne() {
    StructType style =
        new StructType().add("uri", DataTypes.StringType).add("weight", DataTypes.DoubleType);
    Row three = RowFactory.create("s.png", 3.0);
    Row one = RowFactory.create("t.png", 1.0);
    TransferRequest request =
        only(
            new TestCatalogue(folder)
                .column("styles", DataTypes.createArrayType(style))
                .row("a", "c.png", null, new Row[] {three, one}));
    assertThat(request.styles())
        .extracting(TransferRequest.Style::weight)
        .containsExactly(0.75, 0.25);
  }

  @Test
  void readsLayersFromAMapColumn() {
    TransferRequest request =
        only(
            new TestCatalogue(folder)
                .column(
                    "style_layers",
                    DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType))
                .row("a", "c.png", "s.png", Map.of("relu3_1", 2.0)));
    assertThat(request.hyperparameters().text(Knob.STYLE_LAYERS)).isEqualTo("relu3_1:2.0");
  }

  @Test
  void namesRowColumnExpectationAndValue() {
    TransferException fault =
        refused(
            new TestCatalogue(folder)
                .column("content_weight", DataTypes.DoubleType)
                .column("pooling", DataTypes.StringType)
                .row("42", "c.png", "s.png", -1.0, "median"));
    assertThat(fault.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
    assertThat(fault)
        .hasMessageContaining(
            "Invalid content_weight in row id=42: expected a number of at least 0, was -1.0")
        .hasMessageContaining(
            "Invalid pooling in row id=42: expected one of max, average, was median");
  }

  @Test
  void refusesUrisOutsideTheAllowedFolders() {
    assertThat(refused(new TestCatalogue(folder).row("a", "/etc/passwd", "s.png")).code())
        .isEqualTo(ErrorCode.URI_NOT_ALLOWED);
    assertThat(
            refused(new TestCatalogue(folder).row("a", "c.png", "http://169.254.169.254/x")).code())
        .isEqualTo(ErrorCode.URI_NOT_ALLOWED);
    assertThat(
            refused(new TestCatalogue(folder).row("a", "../../../../../../../../../../x", "s.png"))
                .code())
        .isEqualTo(ErrorCode.INVALID_PARAMETER);
  }

  @Test
  void refusesCredentialsInEveryColumnAndDoesNotRepeatThem() {
    String secret = "s3a://AKIA:S3CR3T@bucket/x.png";
    String signed = "x.png?X-Amz-Signature=S3CR3T";
    for (String value : List.of(secret, signed)) {
      assertThat(refused(new TestCatalogue(folder).row("a", value, "s.png")))
          .hasMessageContaining("Invalid content in row id=a: expected a URI without credentials")
          .satisfies(fault -> hidden(fault, ErrorCode.URI_NOT_ALLOWED));
      hidden(
          refused(new TestCatalogue(folder).row("a", "c.png", value)), ErrorCode.URI_NOT_ALLOWED);
      hidden(refused(new TestCatalogue(folder).row(value, "c.png", "s.png")), ErrorCode.INVALID_ID);
      hidden(refused(row("mask", value)), ErrorCode.URI_NOT_ALLOWED);
      hidden(refused(row("style_mask", value)), ErrorCode.URI_NOT_ALLOWED);
      hidden(refused(row("init_image", value)), ErrorCode.URI_NOT_ALLOWED);
      hidden(refused(row("network", value)), ErrorCode.URI_NOT_ALLOWED);
      hidden(refused(row("content_version", value)), ErrorCode.INVALID_PARAMETER);
      hidden(refused(row("preset", value)), ErrorCode.INVALID_PARAMETER);
      hidden(refused(row("style_layers", value)), ErrorCode.INVALID_PARAMETER);
    }
  }

  private TestCatalogue row(String column, String value) {
    return new TestCatalogue(folder)
        .column(column, DataTypes.StringType)
        .row("a", "c.png", "s.png", value);
  }

  private static void hidden(TransferException fault, ErrorCode code) {
    assertThat(fault.code()).isEqualTo(code);
    assertThat(fault.getMessage()).doesNotContain("S3CR3T", "AKIA", "X-Amz-Signature");
  }

  @Test
  void refusesIdsThatNameNothing() {
    assertThat(refused(new TestCatalogue(folder).row("  ", "c.png", "s.png")).code())
        .isEqualTo(ErrorCode.INVALID_ID);
    assertThat(refused(new TestCatalogue(folder).row("x".repeat(4000), "c.png", "s.png")).code())
        .isEqualTo(ErrorCode.INVALID_ID);
  }

  @Test
  void aRowWithoutAnIdIsNamedByItsNumber() {
    assertThat(only(new TestCatalogue(folder).row(null, "c.png", "s.png")).id()).isEqualTo("row-0");
  }

  @Test
  void aRowNeedsExactlyOneOfStyleAndStyles() {
    assertThat(refused(new TestCatalogue(folder).row("a", "c.png", null)))
        .hasMessageContaining("expected exactly one of style and styles, found none");
  }

  private TransferException refused(TestCatalogue catalogue) {
    Path manifest = catalogue.write();
    return catchThrowableOfType(TransferException.class, () -> requests(manifest, config()));
  }

  private TransferRequest only(TestCatalogue catalogue) {
    return requests(catalogue.write(), config()).get(0);
  }

  private static List<TransferRequest> requests(Path manifest, RunConfig config) {
    return requests(manifest, config, NETWORKS);
  }

  private static List<TransferRequest> requests(
      Path manifest, RunConfig config, Networks networks) {
    ManifestTable table =
        ManifestTable.open(TestSpark.spark(), "file:" + manifest, config, networks);
    List<TransferRequest> requests = new ArrayList<>();
    for (Object outcome : outcomes(table)) {
      if (outcome instanceof TransferException fault) {
        throw fault;
      }
      requests.add((TransferRequest) outcome);
    }
    return requests;
  }

  /** The request of each row, or its {@link TransferException}. */
  static List<Object> outcomes(ManifestTable table) {
    return table.rows().map((row, number) -> RowFactory.create(number, row)).collect().stream()
        .sorted(Comparator.comparing(numbered -> numbered.getLong(0)))
        .map(numbered -> outcome(table.rules(), numbered.<Row>getAs(1), numbered.getLong(0)))
        .toList();
  }

  private static Object outcome(Manifest rules, Row row, long number) {
    try {
      return rules.request(row, number);
    } catch (TransferException e) {
      return e;
    }
  }

  public static RunConfig config() {
    return config(Map.of());
  }

  public static RunConfig config(Map<Knob, Object> knobs) {
    return config(knobs, Map.of());
  }

  public static RunConfig config(Map<Knob, Object> knobs, Map<Setting, Object> over) {
    EnumMap<Setting, Object> settings = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      settings.put(setting, setting.domain().parse(setting.defaultText()));
    }
    settings.putAll(over);
    return new RunConfig(settings, Preset.BALANCED, knobs, Map.of());
  }
}
