package nst.example;

import java.io.IOException;
import nst.spark.NstTransformer;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Stylises a folder of photos in a pipeline of Spark ML: the example of docs/library.md. */
public final class StylizeDataset {
  private StylizeDataset() {}

  /** The arguments are a folder of photos, a painting and the Parquet folder to write. */
  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark = SparkSession.builder().appName("stylize").getOrCreate()) {
      Dataset<Row> photos = spark.read().format("binaryFile").load(arguments[0]);
      NstTransformer stylize =
          new NstTransformer()
              .setInputCol("content")
              .setOutputCol("stylized")
              .setStyle(arguments[1])
              .setOption("image_size", 48)
              .setOption("num_iterations", 3);
      Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {stylize});
      PipelineModel model = pipeline.fit(photos);
      model.transform(photos).drop("content").write().parquet(arguments[2]);
    }
  }
}
