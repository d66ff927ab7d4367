package nst.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Writes manifests with the sample's photos and paintings. They are the same in every run. */
final class BenchmarkCatalogue {
  private static final List<String> PHOTOS =
      List.of("kitten.jpg", "lake.jpg", "pier.jpg", "singapore.jpg");
  private static final List<String> PAINTINGS =
      List.of("composition_vii.jpg", "great_wave.jpg", "starry_night.jpg", "the_scream.jpg");
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id STRING, content STRING, style STRING, image_size INT, num_iterations INT,"
              + " optimizer STRING, bounds STRING, learning_rate DOUBLE, seed BIGINT");

  private final String samples;
  private final List<Row> rows = new ArrayList<>();

  /**
   * Creates an instance.
   *
   * @param samples absolute URI of {@code sample-data}
   */
  BenchmarkCatalogue(String samples) {
    this.samples = samples;
  }

  /** Writes rows of one size. */
  BenchmarkCatalogue even(int count, int size, int iterations) {
    for (int i = 0; i < count; i++) {
      lbfgs(size, iterations);
    }
    return this;
  }

  /** Writes rows with log-normal sizes. One row in twenty has ten times the iterations. */
  BenchmarkCatalogue skewed(int count, int size, int iterations) {
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      lbfgs(logNormal(random, size), i % 20 == 0 ? 10 * iterations : iterations);
    }
    return this;
  }

  /**
   * Writes rows with log-normal sizes about 160 px and five to fifteen iterations. Every fifth row
   * uses Adam.
   */
  BenchmarkCatalogue mixed(int count) {
    Random random = new Random(2);
    for (int i = 0; i < count; i++) {
      int size = logNormal(random, 160);
      int iterations = 5 + random.nextInt(11);
      if (i % 5 == 4) {
        add(size, iterations, "adam", "projected", 0.02);
      } else {
        lbfgs(size, iterations);
      }
    }
    return this;
  }

  private static int logNormal(Random random, int median) {
    double size = median * Math.exp(0.35 * random.nextGaussian());
    return Math.max(64, (int) Math.round(size / 16) * 16);
  }

  private void lbfgs(int size, int iterations) {
    add(size, iterations, "lbfgs", "sigmoid", 1);
  }

  private void add(int size, int iterations, String optimizer, String bounds, double learningRate) {
    int number = rows.size();
    rows.add(
        RowFactory.create(
            "row-" + number,
            samples + "/content/" + PHOTOS.get(number % PHOTOS.size()),
            samples + "/style/" + PAINTINGS.get(number / 4 % PAINTINGS.size()),
            size,
            iterations,
            optimizer,
            bounds,
            learningRate,
            (long) number));
  }

  /** Writes the manifest. */
  void write(SparkSession spark, String uri) {
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().mode(SaveMode.Overwrite).parquet(uri);
  }

  /** The absolute URIs of the photo and the painting of each row, in order. */
  List<List<String>> images() {
    return rows.stream().map(row -> Arrays.asList(row.getString(1), row.getString(2))).toList();
  }
}
