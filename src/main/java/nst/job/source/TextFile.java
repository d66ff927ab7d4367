package nst.job.source;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * An open file of a manifest, decompressed if it is in gzip.
 *
 * @param format its format; the records of a Parquet file cannot be read here
 */
public record TextFile(TableFormat format, InputStream in) implements Closeable {
  private static final int BUFFER = 1 << 16;

  /**
   * Opens a file and detects its format.
   *
   * @throws InvalidTableException if it is not a file of a manifest
   */
  public static TextFile open(Path file, Configuration hadoop)
      throws IOException, InvalidTableException {
    InputStream raw = file.getFileSystem(hadoop).open(file);
    try {
      InputStream in = new BufferedInputStream(raw, BUFFER);
      byte[] head = head(in);
      boolean isGzip = head.length > 1 && head[0] == 0x1F && head[1] == (byte) 0x8B;
      if (isGzip) {
        in = new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER);
        head = head(in);
      }
      Optional<String> photo = PhotoAsManifest.advice(head, file.toUri());
      if (photo.isPresent()) {
        throw new InvalidTableException(TableFormat.EXPECTED + ", but " + photo.get());
      }
      TableFormat format = TableFormat.of(file.getName(), head);
      if (format == TableFormat.PARQUET && isGzip) {
        throw new InvalidTableException(
            "expected a Parquet file as it is, was one in gzip. Decompress it");
      }
      return new TextFile(format, in);
    } catch (IOException | InvalidTableException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static byte[] head(InputStream in) throws IOException {
    in.mark(TableFormat.HEAD);
    byte[] head = in.readNBytes(TableFormat.HEAD);
    in.reset();
    return head;
  }

  /**
   * Begins to read the records.
   *
   * @throws InvalidTableException if the file has no header
   */
  public TextRecords records() throws IOException, InvalidTableException {
    return switch (format) {
      case CSV -> new CsvRecords(in, ',');
      case TSV -> new CsvRecords(in, '\t');
      case JSON_LINES -> new JsonRecords(in);
      case PARQUET -> throw new IllegalStateException("Parquet files have no text records");
    };
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
