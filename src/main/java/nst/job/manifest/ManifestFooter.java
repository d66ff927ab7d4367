package nst.job.manifest;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.job.manifest.ParquetTypes.Meaning;
import nst.job.manifest.ParquetTypes.UnreadableTypeException;
import nst.job.source.PhotoAsManifest;
import nst.job.source.TableFormat;
import nst.model.Problems.Problem;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataTypes;

/**
 * The schema and statistics of a file, from the footer of a Parquet file or the rows of a text.
 *
 * @param format the format of the file
 * @param rows the number of rows
 * @param problems why the file cannot be read; empty if it can
 */
record ManifestFooter(
    TableFormat format, long rows, List<ManifestColumn> columns, List<Problem> problems)
    implements Serializable {

  /** Bytes at the end of a file: the length of the footer and {@code PAR1}. */
  private static final int TAIL = 8;

  /** Bytes at the beginning of a file that tell the format of an image. */
  private static final int HEAD = 64;

  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";

  /** The maximum nesting of a column. Schemas are read recursively, here and by Parquet. */
  private static final int MAX_LEVELS = 100;

  /** All whole numbers up to here are distinct doubles. */
  private static final long EXACT = 1L << 53;

  /** Reads the footer of a file. Faults of the file are returned in {@code problems}. */
  static ManifestFooter read(Path file, Configuration hadoop, boolean binaryIsText) {
    String where = ManifestFiles.shown(file);
    try {
      return new Reading(where, metaData(file, hadoop), hadoop, binaryIsText).footer();
    } catch (IOException
        | RuntimeException // parquet-mr throws various unchecked exceptions for damaged files
        | OutOfMemoryError e) { // of one list whose length the footer states
      String words = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      return unreadable(where, "expected a Parquet table, but " + words);
    }
  }

  /** The footer of a file that cannot be read. */
  static ManifestFooter unreadable(String where, String message) {
    return new ManifestFooter(
        TableFormat.PARQUET, 0, List.of(), List.of(new Problem(where, "", message)));
  }

  /** The same footer with other columns. */
  ManifestFooter withColumns(List<ManifestColumn> others) {
    return new ManifestFooter(format, rows, others, problems);
  }

  private static FileMetaData metaData(Path file, Configuration hadoop) throws IOException {
    FileStatus status = file.getFileSystem(hadoop).getFileStatus(file);
    if (status.getLen() < TAIL + MAGIC.length()) {
      throw new IOException("it has only " + status.getLen() + " bytes");
    }
    try (FSDataInputStream in = file.getFileSystem(hadoop).open(file)) {
      byte[] tail = new byte[TAIL];
      in.readFully(status.getLen() - TAIL, tail);
      String magic = new String(tail, 4, 4, StandardCharsets.ISO_8859_1);
      int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (magic.equals(ENCRYPTED)) {
        throw new IOException("it is encrypted");
      }
      if (!magic.equals(MAGIC) || length < 0 || length > status.getLen() - TAIL) {
        throw new IOException(
            PhotoAsManifest.advice(head(in, status.getLen()), file.toUri())
                .orElse("it does not end with a Parquet footer"));
      }
      in.seek(status.getLen() - TAIL - length);
      return Util.readFileMetaData(in);
    }
  }

  private static byte[] head(FSDataInputStream in, long length) throws IOException {
    byte[] head = new byte[(int) Math.min(length, HEAD)];
    in.readFully(0, head);
    return head;
  }

  /** Parses one footer. */
  private static final class Reading {
    private final String where;
    private final FileMetaData raw;
    private final Configuration hadoop;
    private final boolean binaryIsText;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<List<String>, List<ColumnChunkMetaData>> chunks = new HashMap<>();
    private final Set<List<String>> ofNoType = new HashSet<>();

    Reading(String where, FileMetaData raw, Configuration hadoop, boolean binaryIsText) {
      this.where = where;
      this.raw = raw;
      this.hadoop = hadoop;
      this.binaryIsText = binaryIsText;
    }

    /**
     * Finds columns of Parquet's null type, which parquet-mr reports as plain integers, and columns
     * of types that it does not know. Traverses the schema, which is stored as a flat list.
     *
     * @return the index after the element and its children
     */
    private int collectTypes(int index, List<String> parents) {
      if (parents.size() > MAX_LEVELS) {
        throw new IllegalArgumentException("its columns are nested more than 100 levels deep");
      }
      SchemaElement element = raw.getSchema().get(index);
      List<String> path = new ArrayList<>(parents);
      if (index > 0) { // the root has no name in paths
        path.add(element.getName());
      }
      if (element.isSetLogicalType() && element.getLogicalType().getSetField() == null) {
        problems.add(
            new Problem(
                where,
                path.get(0),
                new UnreadableTypeException(
                        "a type that the Parquet library does not know (such as float16, variant or geometry)",
                        "float, double or string")
                    .getMessage()));
      } else if (element.isSetLogicalType() && element.getLogicalType().isSetUNKNOWN()) {
        ofNoType.add(path);
      }
      int next = index + 1;
      for (int child = 0; child < element.getNum_children(); child++) {
        next = collectTypes(next, path);
      }
      return next;
    }

    ManifestFooter footer() throws IOException {
      collectTypes(0, List.of());
      if (!problems.isEmpty()) { // the converter fails for a type that it does not know
        return new ManifestFooter(TableFormat.PARQUET, 0, List.of(), problems);
      }
      ParquetMetadata footer = new ParquetMetadataConverter().fromParquetMetadata(raw);
      for (BlockMetaData block : footer.getBlocks()) {
        if (block.getRowCount() < 0 || block.getRowCount() > Integer.MAX_VALUE) {
          throw new IllegalArgumentException(
              "its footer says that it has a group of " + block.getRowCount() + " rows");
        }
        for (ColumnChunkMetaData chunk : block.getColumns()) {
          checkCount(chunk, block.getRowCount(), footer.getFileMetaData().getSchema());
          chunks
              .computeIfAbsent(List.of(chunk.getPath().toArray()), path -> new ArrayList<>())
              .add(chunk);
        }
      }
      List<ManifestColumn> columns = new ArrayList<>();
      ParquetTypes types = new ParquetTypes(this::allNull, binaryIsText);
      for (Type type : footer.getFileMetaData().getSchema().getFields()) {
        try {
          Meaning meaning = types.of(type);
          columns.add(
              new ManifestColumn(
                  type.getName(),
                  meaning.stored(),
                  meaning.form(),
                  meaning.type(),
                  exactAsDouble(type, meaning)));
        } catch (UnreadableTypeException e) {
          problems.add(new Problem(where, type.getName(), e.getMessage()));
        }
      }
      long rows = footer.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
      checkEncodings();
      return new ManifestFooter(TableFormat.PARQUET, rows, columns, problems);
    }

    private static void checkCount(ColumnChunkMetaData chunk, long rows, MessageType schema) {
      long values = chunk.getValueCount();
      boolean repeated = schema.getMaxRepetitionLevel(chunk.getPath().toArray()) > 0;
      if (repeated ? values < rows : values != rows) {
        throw new IllegalArgumentException(
            "its footer says that column "
                + chunk.getPath().toDotString()
                + " has "
                + values
                + " values in "
                + rows
                + " rows");
      }
    }

    private boolean allNull(List<String> path) {
      if (ofNoType.contains(path)) {
        return true;
      }
      List<ColumnChunkMetaData> all = chunks.getOrDefault(path, List.of());
      return all.stream().allMatch(Reading::allNull);
    }

    private static boolean allNull(ColumnChunkMetaData chunk) {
      Statistics<?> statistics = chunk.getStatistics();
      return chunk.getValueCount() == 0
          || (statistics != null
              && statistics.isNumNullsSet()
              && statistics.getNumNulls() == chunk.getValueCount());
    }

    private boolean exactAsDouble(Type type, Meaning meaning) {
      return !meaning.type().equals(DataTypes.LongType)
          || chunks.getOrDefault(List.of(type.getName()), List.of()).stream()
              .allMatch(Reading::exactAsDouble);
    }

    private static boolean exactAsDouble(ColumnChunkMetaData chunk) {
      return allNull(chunk)
          || (chunk.getStatistics() instanceof LongStatistics statistics
              && statistics.hasNonNullValue()
              && statistics.getMin() > -EXACT
              && statistics.getMax() < EXACT);
    }

    /** Checks encodings and compression. */
    private void checkEncodings() {
      Set<CompressionCodecName> codecs = new HashSet<>();
      for (List<ColumnChunkMetaData> column : chunks.values()) {
        String name = column.get(0).getPath().toArray()[0];
        column.forEach(chunk -> codecs.add(chunk.getCodec()));
        boolean split =
            column.stream()
                .anyMatch(chunk -> chunk.getEncodings().contains(Encoding.BYTE_STREAM_SPLIT));
        PrimitiveTypeName type = column.get(0).getPrimitiveType().getPrimitiveTypeName();
        if (split && type != PrimitiveTypeName.FLOAT && type != PrimitiveTypeName.DOUBLE) {
          problems.add(
              new Problem(
                  where,
                  name,
                  "expected a supported encoding, was BYTE_STREAM_SPLIT of "
                      + type
                      + "; write the column with another encoding"));
        }
      }
      codecs.forEach(this::checkCodec);
    }

    private void checkCodec(CompressionCodecName codec) {
      String implementation = codec.getHadoopCompressionCodecClassName();
      if (implementation != null && hadoop.getClassByNameOrNull(implementation) == null) {
        problems.add(
            new Problem(
                where,
                "",
                "expected a supported compression, was "
                    + codec
                    + ", but its codec ("
                    + implementation
                    + ") is not on the class path; write the file with zstd or snappy"));
      }
    }
  }
}
