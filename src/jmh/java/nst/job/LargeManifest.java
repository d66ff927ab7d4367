package nst.job;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * A manifest with any number of rows, created by Spark. Each row depends only on its number, so the
 * manifest is the same in every run. Sizes are log-normal about 512 px. One row in twenty has ten
 * times the iterations, one in a hundred repeats the request of the previous row with another id,
 * one in a thousand has a negative weight, and one in a thousand has the id of the previous row.
 */
final class LargeManifest {
  /** The folder of the photos in the manifest. Nothing is read there. */
  static final String PHOTOS = "s3a://catalogue/";

  private static final int STYLES = 200;
  private static final double SIZE_DEVIATION = 0.4;

  private LargeManifest() {}

  static void write(SparkSession spark, long rows, String uri) {
    Column n = col("id");
    Dataset<Row> manifest =
        spark
            .range(rows)
            .select(
                format_string("photo-%09d", when(every(1000, 7), n.minus(1)).otherwise(n)).as("id"),
                format_string(PHOTOS + "photos/%1$03d/%2$09d.jpg", pmod(wish(), lit(997)), wish())
                    .as("content"),
                format_string(PHOTOS + "styles/%03d.jpg", pmod(xxhash64(wish()), lit(STYLES)))
                    .as("style"),
                size().as("image_size"),
                when(pmod(wish(), lit(20)).equalTo(0), 300).otherwise(30).as("num_iterations"),
                when(every(1000, 13), -1.0).otherwise(0.3).as("content_weight"),
                concat(lit("album "), pmod(n, lit(5000))).as("album"));
    manifest.write().mode(SaveMode.Overwrite).parquet(uri);
  }

  /** The number that determines the request of a row: its own, or that of the previous row. */
  private static Column wish() {
    return when(every(100, 3), col("id").minus(1)).otherwise(col("id"));
  }

  private static Column every(int rows, int offset) {
    return pmod(col("id"), lit(rows)).equalTo(offset);
  }

  /** Log-normal (Box and Muller 1958), rounded to multiples of 32 px from 64 to 2048. */
  private static Column size() {
    Column radius = sqrt(log(uniform(1)).multiply(-2));
    Column normal =
        radius.multiply(org.apache.spark.sql.functions.cos(uniform(2).multiply(2 * Math.PI)));
    Column pixels = exp(normal.multiply(SIZE_DEVIATION)).multiply(512);
    Column stepped = round(pixels.divide(32)).multiply(32);
    return least(greatest(stepped, lit(64)), lit(2048)).cast(DataTypes.IntegerType);
  }

  /** A random number in (0, 1] for the request of the row. */
  private static Column uniform(int stream) {
    return abs(xxhash64(wish(), lit(stream))).divide(9.3e18).plus(1e-9);
  }
}
