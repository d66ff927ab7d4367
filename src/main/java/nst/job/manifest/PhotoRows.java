package nst.job.manifest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import nst.job.source.ManifestSource;
import nst.job.source.PhotoFolder;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.Redactor;
import nst.model.text.Launcher;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;
import nst.storage.StoredObject;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows for a folder of photos: each photo with each style, in the order of their paths. Styles
 * in the folder are no photos. The driver holds the list of photos, but not the rows.
 *
 * @param digest changes if photos are added, removed or replaced, or other styles are given
 */
record PhotoRows(ManifestRows rows, String digest) {
  static final StructType SCHEMA =
      new StructType()
          .add(ManifestColumns.ID, DataTypes.StringType)
          .add(ManifestColumns.CONTENT, DataTypes.StringType)
          .add(ManifestColumns.CONTENT_VERSION, DataTypes.StringType)
          .add(ManifestColumns.STYLE, DataTypes.StringType);

  private static final StructType NUMBERED =
      SCHEMA
          .add(ManifestReader.FILE, DataTypes.StringType)
          .add(ManifestReader.INDEX, DataTypes.LongType)
          .add(ManifestReader.FAULT, DataTypes.StringType);

  private static final int PHOTOS_PER_PARTITION = 10_000;

  /**
   * Lists the photos.
   *
   * @throws InvalidInputException if there are none, or a style does not exist
   */
  static PhotoRows of(SparkSession spark, ManifestSource source, ObjectStore store) {
    Problems problems = new Problems();
    for (String style : source.styles()) {
      if (!UriPolicy.isSupported(style)) {
        problems.add(
            "--style",
            "",
            "expected a path or a URI of the scheme file, s3a (also s3, s3n) or hdfs, was "
                + style);
      } else if (!store.exists(style)) {
        problems.add("--style", "", "expected an image, found no such file: " + style);
      }
    }
    List<StoredObject> photos = new ArrayList<>();
    if (store.exists(source.uri())) {
      problems.add("MANIFEST", "", notAFolder(source.uri()));
    } else {
      PhotoFolder found =
          PhotoFolder.list(
              store,
              source.uri(),
              source.filter(),
              photo -> {
                if (!source.styles().contains(photo.uri())) {
                  photos.add(photo);
                }
              });
      if (photos.isEmpty()) {
        problems.add("MANIFEST", "", none(source.uri(), found));
      }
    }
    problems.throwIfAny();
    photos.sort(Comparator.comparing(StoredObject::uri));
    return new PhotoRows(rows(spark, source, photos), digest(source, photos));
  }

  private static String notAFolder(String uri) {
    return "expected a folder of photos with --style, was the file "
        + Uris.display(uri)
        + (PhotoFolder.isPhoto(uri)
            ? ". To stylise one photo, run: " + Launcher.command() + " stylize"
            : ". A manifest names the styles in its columns; leave --style out");
  }

  private static String none(String uri, PhotoFolder found) {
    String folder = Uris.display(uri);
    if (found.leftOut() > 0) {
      return "expected photos in "
          + folder
          + ", but --include and --exclude leave out every photo ("
          + found.leftOut()
          + ")";
    }
    return "expected photos in "
        + folder
        + ", found none"
        + (found.tables() > 0
            ? ", but "
                + (found.tables() == 1 ? "a file" : found.tables() + " files")
                + " of a manifest, which names the styles in its columns; leave --style out"
            : "");
  }

  private static ManifestRows rows(
      SparkSession spark, ManifestSource source, List<StoredObject> photos) {
    String folder = source.uri();
    List<String> styles = source.styles();
    List<String> names = names(styles);
    String file = new Path(folder).toUri().toString();
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(
                IntStream.range(0, photos.size())
                    .mapToObj(
                        i ->
                            RowFactory.create(
                                (long) i, photos.get(i).uri(), photos.get(i).version()))
                    .toList(),
                1 + photos.size() / PHOTOS_PER_PARTITION)
            .flatMap(
                photo -> {
                  List<Row> product = new ArrayList<>();
                  for (int style = 0; style < styles.size(); style++) {
                    String uri = photo.getString(1);
                    product.add(
                        RowFactory.create(
                            id(PhotoFolder.path(folder, uri), names.get(style)),
                            uri,
                            photo.getString(2),
                            styles.get(style),
                            file,
                            photo.getLong(0) * styles.size() + style,
                            null));
                  }
                  return product.iterator();
                });
    return ManifestRows.of(
        spark.createDataFrame(rows, NUMBERED),
        SCHEMA,
        new Path(folder),
        (long) photos.size() * styles.size());
  }

  /** The name of a row; null, so that its number is the name, if it cannot be an id. */
  private static String id(String photo, String style) {
    String id = style.isEmpty() ? photo : photo + " + " + style;
    return id.length() <= Manifest.MAX_ID_LENGTH && Redactor.isClean(id) ? id : null;
  }

  /** Short names of the styles that differ; empty for a single style. */
  private static List<String> names(List<String> styles) {
    if (styles.size() == 1) {
      return List.of("");
    }
    List<String> stems =
        styles.stream()
            .map(Uris::fileName)
            .map(name -> name.replaceFirst("(.)\\.[^.]*$", "$1"))
            .toList();
    Set<String> different = new HashSet<>(stems);
    return different.size() == styles.size() ? stems : styles;
  }

  private static String digest(ManifestSource source, List<StoredObject> photos) {
    StringBuilder text = new StringBuilder();
    source.styles().forEach(style -> text.append(style).append('\n'));
    photos.forEach(
        photo -> text.append(photo.uri()).append(' ').append(photo.version()).append('\n'));
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
