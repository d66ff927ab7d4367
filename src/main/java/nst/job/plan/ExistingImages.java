package nst.job.plan;

import static org.apache.spark.sql.functions.col;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nst.concurrent.Threads;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.TimedObjectStore;
import nst.storage.Uris;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Finds the images that an output already contains: by single look-ups for a small plan, by
 * parallel listings for a large one.
 */
public final class ExistingImages {
  /**
   * Up to this many rows, one look-up for each is cheaper than listing an output of unknown size.
   */
  static final long PROBE_LIMIT = 20_000;

  /** The deadline of a look-up. A slower one ends the plan instead of blocking it. */
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /** The number of look-ups of the driver at the same time. */
  private static final int LOOKUPS = 16;

  private static final StructType KEYS = new StructType().add("key", DataTypes.StringType, false);

  private final SparkSession spark;
  private final OutputLayout layout;
  private final Broadcast<SerializableConfiguration> hadoop;

  public ExistingImages(
      SparkSession spark, OutputLayout layout, Broadcast<SerializableConfiguration> hadoop) {
    this.spark = spark;
    this.layout = layout;
    this.hadoop = hadoop;
  }

  /**
   * The keys whose images exist.
   *
   * @param requests planned rows with {@code key} and {@code output_uri}
   * @param rows the largest possible number of these rows
   */
  Dataset<Row> among(Dataset<Row> requests, long rows) {
    return rows <= PROBE_LIMIT ? probed(requests) : listed();
  }

  /**
   * The keys whose images exist, of a few. They are looked up in the driver.
   *
   * @param uris the URI of each image by key
   */
  Set<String> among(Map<String, String> uris) {
    if (uris.isEmpty()) {
      return Set.of();
    }
    ObjectStore store =
        new TimedObjectStore(new HadoopObjectStore(hadoop.value().value()), DEADLINE);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(LOOKUPS, uris.size()), Threads.daemon("nst-existing-images"));
    try {
      Map<String, Future<Boolean>> found = new HashMap<>();
      uris.forEach((key, uri) -> found.put(key, threads.submit(() -> store.exists(uri))));
      Set<String> keys = new HashSet<>();
      for (Map.Entry<String, Future<Boolean>> image : found.entrySet()) {
        if (image.getValue().get()) {
          keys.add(image.getKey());
        }
      }
      return keys;
    } catch (ExecutionException e) {
      throw Threads.rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while existing images were looked up", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Dataset<Row> probed(Dataset<Row> requests) {
    Broadcast<SerializableConfiguration> configuration = hadoop;
    JavaRDD<Row> keys =
        requests
            .select(col("key"), col("output_uri"))
            .distinct()
            .javaRDD()
            .mapPartitions(
                partition -> {
                  ObjectStore store =
                      new TimedObjectStore(
                          new HadoopObjectStore(configuration.value().value()), DEADLINE);
                  List<Row> done = new ArrayList<>();
                  while (partition.hasNext()) {
                    Row row = partition.next();
                    if (store.exists(row.getString(1))) {
                      done.add(RowFactory.create(row.getString(0)));
                    }
                  }
                  return done.iterator();
                });
    return spark.createDataFrame(keys, KEYS);
  }

  /** The keys of all images in the output, as a table. */
  public Dataset<Row> listed() {
    return spark.createDataFrame(keys().map(key -> RowFactory.create(key)), KEYS);
  }

  /** The keys of all images in the output. */
  public JavaRDD<String> keys() {
    List<String> folders = new ArrayList<>();
    for (int prefix = 0; prefix < 256; prefix++) {
      folders.add(
          OutputLayout.images(layout.output())
              + String.format(java.util.Locale.ROOT, "/%02x", prefix));
    }
    Broadcast<SerializableConfiguration> configuration = hadoop;
    int tasks = Math.min(folders.size(), 4 * spark.sparkContext().defaultParallelism());
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(folders, tasks)
        .flatMap(folder -> keys(new HadoopObjectStore(configuration.value().value()).list(folder)));
  }

  /** Maps images to keys lazily, because a folder may contain tens of thousands. */
  private static Iterator<String> keys(Iterator<String> images) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return images.hasNext();
      }

      @Override
      public String next() {
        return Uris.fileName(images.next()).replaceFirst("\\..*$", "");
      }
    };
  }
}
