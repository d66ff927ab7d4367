package nst.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What is checked without a Spark session and without reading a file. */
class NstTransformerTest {
  private static final StructType PHOTOS =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("content", DataTypes.BinaryType)
          .add("image_size", DataTypes.StringType)
          .add("num_iterations", DataTypes.LongType);

  @Test
  void addsAPictureAndAnError() {
    StructType schema = transformer().transformSchema(PHOTOS);
    assertThat(schema.fieldNames())
        .containsExactly(
            "path", "content", "image_size", "num_iterations", "stylized", "stylized_error");
    assertThat(schema.apply("stylized").dataType()).isEqualTo(DataTypes.BinaryType);
    assertThat(schema.apply("stylized_error").dataType())
        .hasToString(
            "StructType(StructField(code,StringType,false),StructField(message,StringType,false))");
  }

  @Test
  void addsAnImageOfSparkAndMetricsIfAsked() {
    StructType schema =
        transformer()
            .setOutputCol("made")
            .setErrorCol("why")
            .setMetricsCol("how")
            .setOutputType("image")
            .transformSchema(PHOTOS);
    assertThat(schema.fieldNames()).endsWith("made", "why", "how");
    assertThat(schema.apply("made").dataType()).isEqualTo(ImageSchema.columnSchema());
  }

  @Test
  void listsAllFaultsAtOnce() {
    NstTransformer faulty =
        new NstTransformer("faulty")
            .setInputCol("photo")
            .setKnobCols("image_size", "path", "absent")
            .setOutputCol("PATH")
            .setOutputType("tiff")
            .setEngine("MXNet")
            .setModelUrl("a.safetensors")
            .setBatchSize(0)
            .setOptions("weights.path=seeded", "image_sise=64", "content_weight", "batch.images=4");
    assertThatThrownBy(() -> faulty.transformSchema(PHOTOS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "faulty: inputCol: expected one of the columns path, content",
            "faulty: style: expected style images",
            "faulty: image_size: expected a whole number, was string",
            "faulty: knobCols: expected preset or the key of a knob",
            "faulty: knobCols: expected a column of the data set, was absent",
            "faulty: PATH: expected the name of a new column",
            "faulty: outputType: expected binary or image, was tiff",
            "faulty: engine: expected PyTorch, was MXNet",
            "faulty: modelUrl: expected it or the option weights.path",
            "faulty: batchSize: expected at least 1, was 0",
            "faulty: options: expected key=value, was content_weight",
            "faulty: image_sise: Unknown key",
            "Did you mean `image_size`?",
            "faulty: batch.images: expected 1, was 4");
  }

  @Test
  void urisNeedTheirFolders() {
    NstTransformer ofUris = transformer().setInputCol("path");
    assertThatThrownBy(() -> ofUris.transformSchema(PHOTOS))
        .hasMessageContaining("uri.allowed_prefixes: expected the folders")
        .hasMessageContaining("column path");
    ofUris.setAllowedPrefixes("/photos");
    assertThat(ofUris.transformSchema(PHOTOS).fieldNames()).contains("stylized");
  }

  @Test
  void anImageOfSparkIsOneColumnOrSix() {
    StructType image = ImageSchema.columnSchema();
    NstTransformer six = transformer().setInputCols(image.fieldNames());
    assertThat(six.transformSchema(image).fieldNames()).startsWith(image.fieldNames());
    NstTransformer one = transformer().setInputCol("image");
    assertThat(one.transformSchema(ImageSchema.imageSchema()).fieldNames()).contains("stylized");
    assertThatThrownBy(
            () ->
                transformer()
                    .setInputCols(
                        new String[] {"origin", "width", "mode", "data", "height", "nChannels"})
                    .transformSchema(image))
        .hasMessageContaining("expected a column of type int at place 4")
        .hasMessageContaining("was data of type binary");
    assertThatThrownBy(() -> transformer().setInputCol("height").transformSchema(image))
        .hasMessageContaining("expected binary")
        .hasMessageContaining("was int");
  }

  @Test
  void aCopyHasTheSameParameters() {
    NstTransformer first = transformer().setOption("image_size", 64);
    NstTransformer copy = first.copy(ParamMap.empty().put(first.outputCol(), "other"));
    assertThat(copy.uid()).isEqualTo(first.uid());
    assertThat(copy.transformSchema(PHOTOS).fieldNames()).contains("other", "other_error");
    assertThat(copy.getOrDefault(copy.options())).containsExactly("image_size=64");
    assertThat(first.transformSchema(PHOTOS).fieldNames()).contains("stylized");
  }

  private static NstTransformer transformer() {
    return new NstTransformer().setStyle("wave.jpg");
  }
}
