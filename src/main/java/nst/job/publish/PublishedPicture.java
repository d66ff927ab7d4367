package nst.job.publish;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A picture of a run.
 *
 * @param key of its request
 * @param uri where it is
 * @param sha256 of its bytes; null if the metrics do not have it
 * @param content the URI of the photo
 * @param contentSha256 of the photo's bytes; null if the metrics do not have it
 * @param jpegQuality for a JPEG
 */
record PublishedPicture(
    String key, String uri, String sha256, String content, String contentSha256, int jpegQuality) {
  static final StructType COLUMNS =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("output_uri", DataTypes.StringType)
          .add("output_sha256", DataTypes.StringType)
          .add("content", DataTypes.StringType)
          .add("content_sha256", DataTypes.StringType)
          .add("jpeg_quality", DataTypes.LongType);

  /** The picture of a row of metrics, or of a row with {@link #COLUMNS}. */
  static PublishedPicture of(Row row) {
    return new PublishedPicture(
        row.getAs("key"),
        row.getAs("output_uri"),
        row.getAs("output_sha256"),
        row.getAs("content"),
        row.getAs("content_sha256"),
        Math.toIntExact(row.<Long>getAs("jpeg_quality")));
  }

  /** A row with {@link #COLUMNS} and more columns after them. */
  Row row(Object... more) {
    Object[] values = new Object[COLUMNS.size() + more.length];
    Object[] own = {key, uri, sha256, content, contentSha256, (long) jpegQuality};
    System.arraycopy(own, 0, values, 0, own.length);
    System.arraycopy(more, 0, values, own.length, more.length);
    return RowFactory.create(values);
  }
}
