package nst.image.record;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import nst.image.format.Deflated;
import nst.image.format.PngChunks;
import nst.image.format.PngText;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * The record in a PNG file: JSON in a compressed iTXt chunk with the keyword {@code nst}, and XMP
 * for people. Both are directly after the header, so the beginning of the file is enough to read
 * them.
 */
public final class PngRecord {
  private static final String ITXT = "iTXt";
  private static final int HEADER_END = PngChunks.SIGNATURE_BYTES + PngChunks.CHUNK_OVERHEAD + 13;

  /**
   * The bytes after the keyword: its end, compression flag and method, and the ends of the language
   * tag and the translated keyword.
   */
  private static final byte[] COMPRESSED = {0, 1, 0, 0, 0};

  private static final byte[] PLAIN = {0, 0, 0, 0, 0};

  private PngRecord() {}

  /** Adds the colour space and the record to a file. */
  public static byte[] embed(byte[] png, ImageRecord record) {
    ByteArrayOutputStream file = new ByteArrayOutputStream(png.length + 16_384);
    file.write(png, 0, HEADER_END);
    writeChunk(file, "sRGB", new byte[] {0}); // perceptual
    writeChunk(file, "gAMA", ByteBuffer.allocate(4).putInt(45_455).array()); // for old readers
    writeChunk(
        file,
        ITXT,
        text(
            ImageRecord.KEYWORD,
            COMPRESSED,
            Deflated.deflate(record.json().getBytes(StandardCharsets.UTF_8))));
    writeChunk(file, ITXT, text(PngText.XMP, PLAIN, XmpPacket.ofFields(record)));
    file.write(png, HEADER_END, png.length - HEADER_END);
    return file.toByteArray();
  }

  /**
   * The JSON of the record; empty if the bytes, which may be a prefix, do not contain all of it.
   */
  static Optional<String> extract(byte[] prefix) {
    PngChunks chunks = PngChunks.of(prefix);
    byte[] start = text(ImageRecord.KEYWORD, COMPRESSED, new byte[0]);
    for (PngChunks.Chunk chunk : chunks.all()) {
      if (!chunk.type().equals(ITXT)) {
        continue;
      }
      byte[] data = chunks.data(chunk);
      if (data.length > start.length
          && Arrays.equals(data, 0, start.length, start, 0, start.length)) {
        if (!chunks.hasItsChecksum(chunk)) {
          throw damaged();
        }
        byte[] json =
            Deflated.inflate(data, start.length, ImageRecordReader.MAX_RECORD_BYTES)
                .orElseThrow(PngRecord::damaged);
        return Optional.of(new String(json, StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  private static TransferException damaged() {
    return new TransferException(
        ErrorCode.CORRUPT_IMAGE, "Corrupt PNG: its record (iTXt nst) cannot be unpacked");
  }

  private static byte[] text(String keyword, byte[] flags, byte[] text) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
    data.writeBytes(flags);
    data.writeBytes(text);
    return data.toByteArray();
  }

  private static void writeChunk(ByteArrayOutputStream file, String type, byte[] data) {
    byte[] typed =
        ByteBuffer.allocate(4 + data.length)
            .put(type.getBytes(StandardCharsets.ISO_8859_1))
            .put(data)
            .array();
    CRC32 checksum = new CRC32();
    checksum.update(typed);
    file.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    file.writeBytes(typed);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }
}
