package nst.image.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.TransferException;

/** The chunks of a WebP file (RFC 9649), without decoding. */
public final class WebpFile {
  private static final int FIRST_CHUNK = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int FRAME_HEADER = 16;
  private static final int ALPHA_FLAG = 0x10;

  /** A chunk. At the end of a truncated file, the part of it that exists. */
  private static final class Chunk {
    private final String type;
    private final byte[] data;

    Chunk(String type, byte[] data) {
      this.type = type;
      this.data = data;
    }
  }

  private final List<Chunk> chunks;

  private WebpFile(List<Chunk> chunks) {
    this.chunks = chunks;
  }

  public static WebpFile of(byte[] file) {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    // Bytes after the length in the header do not belong to the image.
    long stated = file.length < FIRST_CHUNK ? 0 : (buffer.getInt(4) & 0xFFFFFFFFL) + CHUNK_HEADER;
    return new WebpFile(chunks(file, FIRST_CHUNK, (int) Math.min(file.length, stated)));
  }

  private static List<Chunk> chunks(byte[] bytes, int start, int end) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Chunk> chunks = new ArrayList<>();
    long at = start;
    while (at + CHUNK_HEADER <= end) {
      int data = (int) at + CHUNK_HEADER;
      String type = new String(bytes, (int) at, 4, StandardCharsets.ISO_8859_1);
      long length = buffer.getInt((int) at + 4) & 0xFFFFFFFFL;
      chunks.add(
          new Chunk(type, Arrays.copyOfRange(bytes, data, (int) Math.min(end, data + length))));
      at = data + length + (length & 1); // chunks are padded to even lengths
    }
    return chunks;
  }

  /** EXIF, as a TIFF structure. */
  public Optional<byte[]> exif() {
    return data("EXIF")
        .map(
            data ->
                FormatSniffer.startsWith(data, 0, 'E', 'x', 'i', 'f', 0, 0)
                    ? Arrays.copyOfRange(data, 6, data.length)
                    : data);
  }

  public Optional<byte[]> iccProfile() {
    return data("ICCP");
  }

  /** XMP, as a packet of XML. */
  public Optional<byte[]> xmp() {
    return data("XMP ");
  }

  /** The number of frames of an animation; 1 for a still image. */
  public int frames() {
    return Math.max(1, (int) chunks.stream().filter(WebpFile::isFrame).count());
  }

  /**
   * The position of the first frame on the canvas. The rest of the canvas is transparent.
   *
   * @throws TransferException CORRUPT_IMAGE if there is no image or it does not fit
   */
  public Canvas canvas() {
    Size picture = pictureSize();
    Optional<byte[]> extended = data("VP8X").filter(header -> header.length >= 10);
    Optional<byte[]> frame = firstFrame();
    int left = frame.map(header -> 2 * number(header, 0)).orElse(0);
    int top = frame.map(header -> 2 * number(header, 3)).orElse(0);
    Size canvas =
        extended
            .map(header -> new Size(number(header, 4) + 1, number(header, 7) + 1))
            .orElse(picture);
    if (left + picture.width() > canvas.width() || top + picture.height() > canvas.height()) {
      throw corrupt(
          "expected a picture within "
              + canvas.width()
              + " x "
              + canvas.height()
              + ", was "
              + picture.width()
              + " x "
              + picture.height()
              + " at "
              + left
              + ", "
              + top);
    }
    return new Canvas(canvas.width(), canvas.height(), left, top, Optional.empty());
  }

  /** A file with only the first frame and without metadata. */
  public byte[] still() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    Optional<Chunk> alpha = pictureChunks().stream().filter(c -> c.type.equals("ALPH")).findAny();
    if (alpha.isPresent()) {
      Size size = pictureSize();
      byte[] header = new byte[10];
      header[0] = ALPHA_FLAG;
      writeNumber(header, 4, size.width() - 1);
      writeNumber(header, 7, size.height() - 1);
      write(body, new Chunk("VP8X", header));
      write(body, alpha.get());
    }
    write(body, bitstream());
    return ByteBuffer.allocate(CHUNK_HEADER + body.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(body.size())
        .put(body.toByteArray())
        .array();
  }

  private Optional<byte[]> data(String type) {
    return chunks.stream()
        .filter(chunk -> chunk.type.equals(type))
        .findFirst()
        .map(chunk -> chunk.data);
  }

  private static boolean isFrame(Chunk chunk) {
    return chunk.type.equals("ANMF") && chunk.data.length >= FRAME_HEADER;
  }

  private Optional<byte[]> firstFrame() {
    return chunks.stream().filter(WebpFile::isFrame).findFirst().map(chunk -> chunk.data);
  }

  /** The chunks of the first frame or of the still image. */
  private List<Chunk> pictureChunks() {
    return firstFrame().map(frame -> chunks(frame, FRAME_HEADER, frame.length)).orElse(chunks);
  }

  private Chunk bitstream() {
    return pictureChunks().stream()
        .filter(chunk -> chunk.type.equals("VP8 ") || chunk.type.equals("VP8L"))
        .findFirst()
        .orElseThrow(() -> corrupt("expected a picture (VP8 or VP8L), found none"));
  }

  /** The size in the header of the bitstream (RFC 6386, 9.1; RFC 9649, 3.4). */
  private Size pictureSize() {
    Chunk bitstream = bitstream();
    byte[] data = bitstream.data;
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    boolean isLossy = bitstream.type.equals("VP8 ");
    if (isLossy
        ? !FormatSniffer.startsWith(data, 3, 0x9D, 0x01, 0x2A) || data.length < 10
        : !FormatSniffer.startsWith(data, 0, 0x2F) || data.length < 5) {
      throw corrupt("expected the header of a picture, was truncated or damaged");
    }
    if (isLossy) {
      return new Size(buffer.getShort(6) & 0x3FFF, buffer.getShort(8) & 0x3FFF);
    }
    int bits = buffer.getInt(1);
    return new Size((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
  }

  private static int number(byte[] data, int at) { // 24 bits
    return (data[at] & 0xFF) | ((data[at + 1] & 0xFF) << 8) | ((data[at + 2] & 0xFF) << 16);
  }

  private static void writeNumber(byte[] data, int at, int value) {
    data[at] = (byte) value;
    data[at + 1] = (byte) (value >> 8);
    data[at + 2] = (byte) (value >> 16);
  }

  private static void write(ByteArrayOutputStream body, Chunk chunk) {
    body.writeBytes(chunk.type.getBytes(StandardCharsets.ISO_8859_1));
    body.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(chunk.data.length).array());
    body.writeBytes(chunk.data);
    if ((chunk.data.length & 1) == 1) {
      body.write(0);
    }
  }

  private static TransferException corrupt(String what) {
    return new TransferException(ErrorCode.CORRUPT_IMAGE, "Corrupt WEBP: " + what);
  }
}
