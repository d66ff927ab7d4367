package nst.job;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Creates a small catalogue on disk: small photos and paintings, and a manifest. */
public final class TestCatalogue {
  private final Path folder;
  private StructType schema =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("content", DataTypes.StringType)
          .add("style", DataTypes.StringType);
  private final List<Object[]> rows = new ArrayList<>();

  public TestCatalogue(Path folder) {
    this.folder = folder;
  }

  /** Adds a column to the manifest; rows give its values in the same order. */
  public TestCatalogue column(String name, org.apache.spark.sql.types.DataType type) {
    schema = schema.add(name, type);
    return this;
  }

  public TestCatalogue row(Object... values) {
    rows.add(Arrays.copyOf(values, schema.size()));
    return this;
  }

  /** A smooth image with noise, different for each seed. */
  public TestCatalogue picture(String name, int width, int height, int seed) {
    Random random = new Random(seed);
    double a = 1 + random.nextDouble() * 3;
    double b = 1 + random.nextDouble() * 3;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double u = Math.sin(a * x / 9.0 + seed) * 0.4 + Math.cos(b * y / 7.0) * 0.4;
        int red = (int) (127 + 100 * u + random.nextInt(20));
        int green = (int) (127 + 90 * Math.sin((x + y) / 11.0 + seed) + random.nextInt(20));
        int blue = 255 * y / height;
        image.setRGB(x, y, clamp(red) << 16 | clamp(green) << 8 | clamp(blue));
      }
    }
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      String format = name.endsWith(".png") ? "png" : "jpg";
      ImageIO.write(image, format, file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }

  public TestCatalogue file(String name, byte[] bytes) {
    try {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Writes the manifest and returns its path. */
  public Path write() {
    List<Row> table = rows.stream().map(RowFactory::create).toList();
    Path manifest = folder.resolve("manifest.parquet");
    TestSpark.spark()
        .createDataFrame(table, schema)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(manifest.toString());
    return manifest;
  }
}
