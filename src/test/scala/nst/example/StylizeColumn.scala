package nst.example

import nst.spark.NstTransformer
import org.apache.spark.ml.Pipeline
import org.apache.spark.sql.SparkSession

/** Stylises a folder of photos from Scala. `.ci/notebook.sh` compiles it with the compiler of a Spark distribution. */
object StylizeColumn {
  def main(arguments: Array[String]): Unit = {
    val spark = SparkSession.builder().appName("stylize").getOrCreate()
    val photos = spark.read.format("binaryFile").load(arguments(0))
    val stylize = new NstTransformer()
      .setInputCol("content")
      .setStyle(arguments(1))
      .setOption("image_size", 512)
    val made = new Pipeline().setStages(Array(stylize)).fit(photos).transform(photos)
    made.where("stylized_error IS NULL").select("path", "stylized").write.parquet(arguments(2))
    spark.stop()
  }
}
