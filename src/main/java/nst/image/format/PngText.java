package nst.image.format;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The text chunks of a PNG file (ISO/IEC 15948, 11.3.4): tEXt, zTXt and iTXt. */
public final class PngText {
  public static final String XMP = "XML:com.adobe.xmp";

  /** The largest text that is read. */
  private static final int MAX_BYTES = 1 << 20;

  private PngText() {}

  /** The first text with a keyword; empty if there is none that can be read. */
  public static Optional<String> named(PngChunks chunks, String keyword) {
    return chunks.all().stream()
        .filter(chunk -> chunk.type().endsWith("Xt") && chunk.length() <= MAX_BYTES)
        .flatMap(chunk -> text(chunk.type(), chunks.data(chunk), keyword).stream())
        .findFirst();
  }

  private static Optional<String> text(String type, byte[] data, String keyword) {
    byte[] expected = (keyword + "\0").getBytes(StandardCharsets.ISO_8859_1);
    if (data.length < expected.length) {
      return Optional.empty();
    }
    for (int i = 0; i < expected.length; i++) {
      if (data[i] != expected[i]) {
        return Optional.empty();
      }
    }
    int at = expected.length;
    return switch (type) {
      case "tEXt" -> plain(data, at, StandardCharsets.ISO_8859_1);
      case "zTXt" -> unpacked(data, at + 1, StandardCharsets.ISO_8859_1);
      case "iTXt" -> international(data, at);
      default -> Optional.empty();
    };
  }

  /**
   * Compression flag and method, then a language and a translated keyword, each followed by a NUL.
   */
  private static Optional<String> international(byte[] data, int flags) {
    int at = flags + 2;
    for (int closed = 0; closed < 2; at++) {
      if (at >= data.length) {
        return Optional.empty();
      }
      closed += data[at] == 0 ? 1 : 0;
    }
    return data[flags] == 1
        ? unpacked(data, at, StandardCharsets.UTF_8)
        : plain(data, at, StandardCharsets.UTF_8);
  }

  private static Optional<String> plain(byte[] data, int at, Charset charset) {
    return Optional.of(new String(data, at, data.length - at, charset));
  }

  private static Optional<String> unpacked(byte[] data, int at, Charset charset) {
    return at > data.length
        ? Optional.empty()
        : Deflated.inflate(data, at, MAX_BYTES).map(bytes -> new String(bytes, charset));
  }
}
