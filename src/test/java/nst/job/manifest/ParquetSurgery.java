package nst.job.manifest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;

/** Modifies a Parquet file that has one row group and one page per column. */
final class ParquetSurgery {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** Changes a page: its header, and its compressed bytes by the return value. */
  interface PageChange {
    byte[] apply(PageHeader header, byte[] body);
  }

  /** Changes the footer. */
  interface FooterChange {
    void apply(FileMetaData footer);
  }

  private ParquetSurgery() {}

  /** Changes the page of the first column and then the footer, which has the correct offsets. */
  static byte[] changed(byte[] sound, PageChange page, FooterChange change) throws IOException {
    int length = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(sound.length - 8);
    FileMetaData footer =
        Util.readFileMetaData(new ByteArrayInputStream(sound, sound.length - 8 - length, length));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(MAGIC);
    boolean first = true;
    for (var chunk : footer.getRow_groups().get(0).getColumns()) {
      ColumnMetaData column = chunk.getMeta_data();
      int start = (int) column.getData_page_offset();
      ByteArrayInputStream in =
          new ByteArrayInputStream(sound, start, (int) column.getTotal_compressed_size());
      PageHeader header = Util.readPageHeader(in);
      byte[] body = in.readAllBytes();
      header.unsetCrc();
      if (first) {
        body = page.apply(header, body);
        first = false;
      }
      column.setData_page_offset(out.size());
      chunk.setFile_offset(out.size());
      Util.writePageHeader(header, out);
      out.write(body);
      column.setTotal_compressed_size(out.size() - column.getData_page_offset());
      chunk.unsetColumn_index_offset();
      chunk.unsetOffset_index_offset();
    }
    change.apply(footer);
    int end = out.size();
    Util.writeFileMetaData(footer, out);
    byte[] tail = new byte[4];
    ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - end);
    out.write(tail);
    out.write(MAGIC);
    return out.toByteArray();
  }
}
