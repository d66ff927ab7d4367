package nst.image.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * The chunks of a PNG file (ISO/IEC 15948, 5.3), without decoding. Also works on a prefix of the
 * file: incomplete chunks are not listed.
 */
public final class PngChunks {
  public static final int SIGNATURE_BYTES = 8;

  /** The bytes of length, type and checksum. */
  public static final int CHUNK_OVERHEAD = 12;

  private static final Set<String> NEEDED_FOR_PIXELS =
      Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  /** The largest colour profile that is read. The largest profiles of printers have 3 MB. */
  private static final int MAX_PROFILE_BYTES = 8 << 20;

  /**
   * A chunk.
   *
   * @param offset the offset of its data in the file
   * @param length the length of its data
   */
  public record Chunk(String type, int offset, int length) {}

  private final byte[] file;
  private final List<Chunk> chunks;

  private PngChunks(byte[] file, List<Chunk> chunks) {
    this.file = file;
    this.chunks = List.copyOf(chunks);
  }

  /** The complete chunks in the bytes, up to IEND. */
  public static PngChunks of(byte[] file) {
    List<Chunk> chunks = new ArrayList<>();
    ByteBuffer buffer = ByteBuffer.wrap(file);
    int at = SIGNATURE_BYTES;
    while (at + CHUNK_OVERHEAD <= file.length) {
      int length = buffer.getInt(at);
      if (length < 0 || length > file.length - at - CHUNK_OVERHEAD) {
        break;
      }
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      chunks.add(new Chunk(type, at + 8, length));
      at += CHUNK_OVERHEAD + length;
      if (type.equals("IEND")) {
        break;
      }
    }
    return new PngChunks(file, chunks);
  }

  public List<Chunk> all() {
    return chunks;
  }

  public byte[] data(Chunk chunk) {
    return Arrays.copyOfRange(file, chunk.offset(), chunk.offset() + chunk.length());
  }

  public Optional<Chunk> first(String type) {
    return chunks.stream().filter(chunk -> chunk.type().equals(type)).findFirst();
  }

  /**
   * Width and height from the header.
   *
   * @throws TransferException CORRUPT_IMAGE if the header is missing or invalid
   */
  public ImageHeader header() {
    if (chunks.isEmpty() || !chunks.get(0).type().equals("IHDR") || chunks.get(0).length() < 13) {
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE,
          "Corrupt PNG: expected its header (IHDR) first, found none in " + file.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(file, chunks.get(0).offset(), 13);
    int width = header.getInt();
    int height = header.getInt();
    if (width < 1 || height < 1) {
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE,
          "Corrupt PNG: expected a positive size, was " + width + " x " + height);
    }
    return new ImageHeader(width, height, ImageFormat.PNG);
  }

  /**
   * The bits of a channel, or of a palette's index, from the header.
   *
   * @throws TransferException as {@link #header} does
   */
  public int bitDepth() {
    header();
    return file[chunks.get(0).offset() + 8];
  }

  /**
   * Checks that the file is complete: the checksum of every chunk with pixels is correct, and the
   * last chunk exists.
   *
   * @throws TransferException CORRUPT_IMAGE
   */
  public void requireWhole() {
    for (Chunk chunk : chunks) {
      if (NEEDED_FOR_PIXELS.contains(chunk.type()) && !hasItsChecksum(chunk)) {
        throw new TransferException(
            ErrorCode.CORRUPT_IMAGE,
            "Corrupt PNG: chunk "
                + chunk.type()
                + " at byte "
                + (chunk.offset() - 8)
                + " does not have its checksum");
      }
    }
    if (chunks.isEmpty() || !chunks.get(chunks.size() - 1).type().equals("IEND")) {
      throw new TransferException(
          ErrorCode.CORRUPT_IMAGE,
          "Corrupt PNG: expected IEND at the end, was truncated after " + file.length + " bytes");
    }
  }

  public boolean hasItsChecksum(Chunk chunk) {
    CRC32 checksum = new CRC32();
    checksum.update(file, chunk.offset() - 4, chunk.length() + 4);
    return (int) checksum.getValue()
        == ByteBuffer.wrap(file).getInt(chunk.offset() + chunk.length());
  }

  /**
   * The colour profile of the chunk iCCP.
   *
   * @param warnings receives a sentence if the profile cannot be decompressed
   */
  public Optional<byte[]> iccProfile(List<String> warnings) {
    if (first("sRGB").isPresent()) {
      return Optional.empty(); // the file states sRGB, which has precedence over iCCP
    }
    Optional<Chunk> chunk = first("iCCP");
    if (chunk.isEmpty()) {
      return Optional.empty();
    }
    byte[] data = data(chunk.get());
    int name = 0;
    while (name < data.length && data[name] != 0) {
      name++;
    }
    Optional<byte[]> profile =
        name + 2 < data.length
            ? Deflated.inflate(data, name + 2, MAX_PROFILE_BYTES)
            : Optional.empty();
    if (profile.isEmpty()) {
      warnings.add("colour profile cannot be unpacked; colours were treated as sRGB");
    }
    return profile;
  }

  /**
   * The file with only the chunks that a decoder needs for the pixels. Compressed text that expands
   * to gigabytes does not reach the decoder.
   */
  public byte[] withoutMetadata() {
    ByteArrayOutputStream lean = new ByteArrayOutputStream(file.length);
    lean.write(file, 0, SIGNATURE_BYTES);
    for (Chunk chunk : chunks) {
      if (NEEDED_FOR_PIXELS.contains(chunk.type())) {
        lean.write(file, chunk.offset() - 8, chunk.length() + CHUNK_OVERHEAD);
      }
    }
    return lean.toByteArray();
  }
}
