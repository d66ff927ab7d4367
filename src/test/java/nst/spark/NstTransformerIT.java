package nst.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nst.engine.StyleTransfer;
import nst.engine.TestEngine;
import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.codec.ImageDecoder;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferResult;
import nst.record.ImageRecords;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformer in a Spark session, with the real engine. */
class NstTransformerIT {
  private static final List<String> SHALLOW =
      List.of(
          "image_size=48",
          "num_iterations=3",
          "style_layers=relu1_1:1",
          "content_layers=relu1_1:1");

  @TempDir Path folder;

  @BeforeEach
  void prepare() {
    new TestCatalogue(folder)
        .picture("photos/a.png", 64, 48, 1)
        .picture("photos/b.png", 48, 64, 2)
        .picture("wave.png", 56, 56, 3)
        .picture("night.png", 40, 56, 4);
  }

  @Test
  void makesThePixelsOfTheEngine() throws IOException {
    Row row = transformer().setMetricsCol("how").transform(photo("photos/a.png")).first();

    byte[] made = row.getAs("stylized");
    assertThat(decoded(made).planes()).containsExactly(pixelsOfTheEngine("photos/a.png", 48));
    assertThat(row.isNullAt(row.fieldIndex("stylized_error"))).isTrue();
    TransferResult record = ImageRecords.of(made).orElseThrow();
    Row metrics = row.getStruct(row.fieldIndex("how"));
    assertThat(metrics.<String>getAs("key")).isEqualTo(record.key());
    assertThat(metrics.<Double>getAs("total_loss"))
        .isEqualTo(record.image().orElseThrow().saved().totalLoss());
    assertThat(metrics.<Integer>getAs("iterations")).isEqualTo(3);
    assertThat(row.<String>getAs("path")).endsWith("photos/a.png");
  }

  @Test
  void aRowThatFailsSaysWhyAndTheOthersAreMade() throws IOException {
    byte[] good = bytes("photos/a.png");
    byte[] cut = java.util.Arrays.copyOf(good, good.length / 2);
    Dataset<Row> rows =
        rows(
            new StructType()
                .add("content", DataTypes.BinaryType)
                .add("image_size", DataTypes.IntegerType)
                .add("preset", DataTypes.StringType),
            RowFactory.create(good, null, null),
            RowFactory.create(null, null, null),
            RowFactory.create(cut, null, null),
            RowFactory.create(new byte[0], null, null),
            RowFactory.create(good, -5, null),
            RowFactory.create(good, 16_384, null),
            RowFactory.create(good, null, "gaty"),
            RowFactory.create(good, 44, null));
    List<Row> made =
        transformer()
            .setKnobCols("image_size", "preset")
            .setBatchSize(3)
            .transform(rows)
            .collectAsList();

    assertThat(made)
        .extracting(row -> row.isNullAt(4) ? "made" : row.getStruct(4).getString(0))
        .containsExactly(
            "made",
            "INVALID_PARAMETER",
            "CORRUPT_IMAGE",
            "EMPTY",
            "INVALID_PARAMETER",
            "IMAGE_TOO_LARGE",
            "INVALID_PARAMETER",
            "made");
    assertThat(made).allMatch(row -> row.isNullAt(3) != row.isNullAt(4));
    assertThat(made.get(1).getStruct(4).getString(1)).contains("content", "was null");
    assertThat(made.get(4).getStruct(4).getString(1)).contains("image_size", "was -5");
    assertThat(made.get(6).getStruct(4).getString(1)).contains("preset", "gatys", "was gaty");
    assertThat(decoded(made.get(0).getAs(3)).width()).isEqualTo(48);
    assertThat(decoded(made.get(7).getAs(3)).planes())
        .containsExactly(pixelsOfTheEngine("photos/a.png", 44));
  }

  @Test
  void readsUrisBelowTheAllowedFoldersAlone() throws IOException {
    StructType schema =
        new StructType().add("photo", DataTypes.StringType).add("painting", DataTypes.StringType);
    Dataset<Row> rows =
        rows(
            schema,
            RowFactory.create(folder + "/photos/a.png", folder + "/photos/../wave.png"),
            RowFactory.create("file:" + folder + "/photos/a.png", null),
            RowFactory.create("photos/a.png", null),
            RowFactory.create("/etc/passwd", null),
            RowFactory.create(folder + "/photos/absent.png", null));
    List<Row> made =
        transformer()
            .setInputCol("photo")
            .setStyleCol("painting")
            .setStyle(folder.resolve("wave.png").toString())
            .setAllowedPrefixes(folder.toString())
            .transform(rows)
            .collectAsList();
    assertThat(made)
        .extracting(row -> row.isNullAt(3) ? "made" : row.getStruct(3).getString(0))
        .containsExactly("made", "made", "INVALID_PARAMETER", "URI_NOT_ALLOWED", "NOT_FOUND");
    float[] pixels = pixelsOfTheEngine("photos/a.png", 48);
    assertThat(decoded(made.get(0).getAs(2)).planes()).containsExactly(pixels);
    assertThat(decoded(made.get(1).getAs(2)).planes()).containsExactly(pixels);
  }

  @Test
  void standsBetweenTheStagesOfAPipelineAndIsSavedWithIt() throws IOException {
    Dataset<Row> images =
        TestSpark.spark()
            .read()
            .format("image")
            .load(folder.resolve("photos").toString())
            .select("image.*");
    NstTransformer stylize =
        transformer().setInputCols(images.columns()).setOutputType("image").setBatchSize(1);
    SQLTransformer unpack =
        new SQLTransformer()
            .setStatement(
                "SELECT stylized.*, origin AS photo FROM __THIS__ WHERE stylized_error IS NULL");
    PipelineModel model =
        new Pipeline().setStages(new PipelineStage[] {stylize, unpack}).fit(images);
    String saved = folder.resolve("pipeline").toString();
    model.save(saved);

    Dataset<Row> made = PipelineModel.load(saved).transform(images).orderBy("photo");
    assertThat(made.columns())
        .containsExactly("origin", "height", "width", "nChannels", "mode", "data", "photo");
    List<Row> rows = made.collectAsList();
    assertThat(rows).hasSize(2);
    RgbImage first = decoded(SparkImage.of(rows.get(0), List.of(0, 1, 2, 3, 4, 5)).png("stylized"));
    assertThat(first.planes()).containsExactly(pixelsOfTheEngine("photos/a.png", 48));
  }

  @Test
  void blendsStylesAndKeepsTheColumnsAsTheyWere() throws IOException {
    Dataset<Row> photos =
        photo("photos/b.png").selectExpr("*", "array(1, 2) AS mine", "map('a', 1.5D) AS yours");
    NstTransformer blend =
        transformer()
            .setStyle(
                folder.resolve("wave.png").toString(), folder.resolve("night.png").toString());
    Dataset<Row> made = blend.transform(photos);
    assertThat(made.schema()).isEqualTo(blend.transformSchema(photos.schema()));
    Row row = made.first();
    assertThat(row.getList(row.fieldIndex("mine"))).isEqualTo(List.of(1, 2));
    assertThat(row.getJavaMap(row.fieldIndex("yours"))).isEqualTo(java.util.Map.of("a", 1.5));
    TransferResult record = ImageRecords.of(row.getAs("stylized")).orElseThrow();
    assertThat(record.request().styles())
        .extracting(style -> style.weight())
        .containsExactly(0.5, 0.5);
    assertThat(record.image().orElseThrow().styleSha256()).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void aStyleThatCannotBeReadIsAFaultOfAllRows() throws IOException {
    Dataset<Row> photos = photo("photos/a.png");
    assertThatThrownBy(
            () -> transformer().setStyle(folder.resolve("absent.png").toString()).transform(photos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("style: ")
        .hasMessageContaining("absent.png");
    Files.write(folder.resolve("text.png"), List.of("no image"));
    assertThatThrownBy(
            () -> transformer().setStyle(folder.resolve("text.png").toString()).transform(photos))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("text.png");
  }

  @Test
  void anApplicationHasOneDeviceAndAnyNetworks() {
    Dataset<Row> photos = photo("photos/a.png");
    Row made = transformer().setModelUrl("seeded").transform(photos).first();
    assertThat(ImageRecords.of(made.getAs("stylized")).orElseThrow().image().orElseThrow())
        .satisfies(image -> assertThat(image.weightsSha256()).startsWith("seeded"));
    assertThatThrownBy(() -> transformer().setOption("threads", 2).transform(photos).collect())
        .hasStackTraceContaining("expected one engine per process, with device=cpu, threads=1")
        .hasStackTraceContaining("use the same values of device, threads and tile_size");
  }

  private NstTransformer transformer() {
    return new NstTransformer()
        .setStyle(folder.resolve("wave.png").toString())
        .setOptions(SHALLOW.toArray(String[]::new));
  }

  private Dataset<Row> photo(String name) {
    return TestSpark.spark().read().format("binaryFile").load(folder.resolve(name).toString());
  }

  private static Dataset<Row> rows(StructType schema, Row... rows) {
    return TestSpark.spark().createDataFrame(List.of(rows), schema).coalesce(1);
  }

  private float[] pixelsOfTheEngine(String photo, int size) throws IOException {
    Hyperparameters recipe =
        Preset.BALANCED
            .hyperparameters()
            .with(Knob.IMAGE_SIZE, size)
            .with(Knob.NUM_ITERATIONS, 3)
            .with(Knob.STYLE_LAYERS, "relu1_1:1")
            .with(Knob.CONTENT_LAYERS, "relu1_1:1");
    try (StyleTransfer engine =
        StyleTransfer.open(TestEngine.device(), NetworkWeights.embedded())) {
      RgbImage made =
          engine
              .stylize(
                  SourceImages.of(decoded(bytes(photo)), decoded(bytes("wave.png"))),
                  recipe,
                  sample -> {})
              .image();
      return Rounding.toEightBit(made).planes();
    }
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  private static RgbImage decoded(byte[] file) {
    return new ImageDecoder(ImageLimits.DEFAULT).decode(file).image();
  }
}
