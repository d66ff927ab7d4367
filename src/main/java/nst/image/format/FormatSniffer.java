package nst.image.format;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Detects the format by the first bytes. For a format that is not supported, the message names it.
 */
public final class FormatSniffer {
  /** Enough to find the root element after an XML prologue and comments. */
  private static final int TEXT_PREFIX = 1024;

  private static final int EXCERPT = 60;

  private FormatSniffer() {}

  /**
   * The format of the bytes.
   *
   * @throws TransferException EMPTY, NOT_AN_IMAGE or UNSUPPORTED_FORMAT
   */
  public static ImageFormat sniff(byte[] bytes) {
    if (bytes.length == 0) {
      throw new TransferException(
          ErrorCode.EMPTY, "Invalid image: " + ImageFormat.EXPECTED + ", was empty (0 bytes)");
    }
    if (startsWith(bytes, 0, 0xFF, 0xD8, 0xFF)) {
      return ImageFormat.JPEG;
    }
    if (startsWith(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return ImageFormat.PNG;
    }
    if (startsWith(bytes, 0, 'G', 'I', 'F', '8')) {
      return ImageFormat.GIF;
    }
    if (startsWith(bytes, 0, 'B', 'M') && bytes.length >= 26 && startsWith(bytes, 6, 0, 0, 0, 0)) {
      return ImageFormat.BMP;
    }
    if (startsWith(bytes, 0, 'I', 'I', '*', 0) || startsWith(bytes, 0, 'M', 'M', 0, '*')) {
      return ImageFormat.TIFF;
    }
    if (startsWith(bytes, 0, 'R', 'I', 'F', 'F') && startsWith(bytes, 8, 'W', 'E', 'B', 'P')) {
      return ImageFormat.WEBP;
    }
    throw refusal(bytes);
  }

  /** The format of an image that begins with these bytes; empty if they are not an image's. */
  public static Optional<ImageFormat> find(byte[] head) {
    try {
      return Optional.of(sniff(head));
    } catch (TransferException e) {
      return Optional.empty();
    }
  }

  private static TransferException refusal(byte[] bytes) {
    if (startsWith(bytes, 4, 'f', 't', 'y', 'p')) {
      String brand = text(bytes, 8, 4);
      return switch (brand) {
        case "heic", "heix", "heim", "heis", "mif1", "msf1", "hevc", "hevx" ->
            unsupported("HEIF (brand " + brand + ")");
        case "avif", "avis" -> unsupported("AVIF");
        case "crx " -> unsupported("camera raw (Canon CR3)");
        default -> notAnImage("an ISO media file (brand " + brand + ")");
      };
    }
    if (isCameraRaw(bytes)) {
      return unsupported("camera raw");
    }
    if (startsWith(bytes, 0, '8', 'B', 'P', 'S')) {
      return unsupported("a Photoshop document");
    }
    if (startsWith(bytes, 0, 0, 0, 0, 0x0C, 'j', 'P') || startsWith(bytes, 0, 0xFF, 0x4F, 0xFF)) {
      return unsupported("JPEG 2000");
    }
    if (startsWith(bytes, 0, 0xFF, 0x0A) || startsWith(bytes, 0, 0, 0, 0, 0x0C, 'J', 'X', 'L')) {
      return unsupported("JPEG XL");
    }
    if (startsWith(bytes, 0, 'I', 'I', '+', 0) || startsWith(bytes, 0, 'M', 'M', 0, '+')) {
      return unsupported("BigTIFF");
    }
    if (startsWith(bytes, 0, '%', 'P', 'D', 'F')) {
      return unsupported("PDF");
    }
    if (startsWith(bytes, 0, 0x76, 0x2F, 0x31, 0x01)) {
      return unsupported("OpenEXR");
    }
    if (startsWith(bytes, 0, 0, 0, 1, 0) && bytes.length >= 22) {
      return unsupported("an icon (ICO)");
    }
    if (startsWith(bytes, 0, 'q', 'o', 'i', 'f')) {
      return unsupported("QOI");
    }
    if (startsWith(bytes, 0, '%', '!', 'P', 'S')) {
      return unsupported("PostScript");
    }
    if (isParquet(bytes)) {
      return notAnImage("a Parquet table");
    }
    if (isNetpbm(bytes)) {
      return unsupported("Netpbm (PBM, PGM, PPM or PAM)");
    }
    String start = text(bytes, 0, TEXT_PREFIX).strip();
    String lower = start.toLowerCase(Locale.ROOT);
    if (lower.contains("<svg")) {
      // Not supported, because a renderer would fetch other documents that it refers to.
      return unsupported("SVG");
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return notAnImage("an HTML page: " + excerpt(start));
    }
    if (lower.startsWith("<")) {
      return notAnImage("an XML document: " + excerpt(start));
    }
    return notAnImage(bytes.length + " bytes that begin with " + excerpt(start));
  }

  /** Whether the bytes begin like a Parquet file. */
  public static boolean isParquet(byte[] bytes) {
    return startsWith(bytes, 0, 'P', 'A', 'R', '1');
  }

  private static boolean isNetpbm(byte[] bytes) {
    return bytes.length >= 8
        && bytes[0] == 'P'
        && bytes[1] >= '1'
        && bytes[1] <= '7'
        && Character.isWhitespace(bytes[2]);
  }

  /** Raw formats with a signature of their own. {@link TiffPage} recognises those based on TIFF. */
  private static boolean isCameraRaw(byte[] bytes) {
    return startsWith(bytes, 0, 'I', 'I', 'R') // Olympus ORF
        || startsWith(bytes, 0, 'M', 'M', 'O', 'R')
        || startsWith(bytes, 0, 'I', 'I', 'U', 0) // Panasonic RW2
        || startsWith(bytes, 0, 'F', 'U', 'J', 'I', 'F', 'I', 'L', 'M') // Fujifilm RAF
        || startsWith(bytes, 0, 'F', 'O', 'V', 'b') // Sigma X3F
        || startsWith(bytes, 0, 0, 'M', 'R', 'M') // Minolta MRW
        || startsWith(bytes, 6, 'H', 'E', 'A', 'P', 'C', 'C', 'D', 'R'); // Canon CRW
  }

  private static TransferException unsupported(String what) {
    return new TransferException(
        ErrorCode.UNSUPPORTED_FORMAT,
        "Unsupported image: " + ImageFormat.EXPECTED + ", was " + what);
  }

  private static TransferException notAnImage(String what) {
    return new TransferException(
        ErrorCode.NOT_AN_IMAGE, "Invalid image: " + ImageFormat.EXPECTED + ", was " + what);
  }

  private static String excerpt(String text) {
    StringBuilder printable = new StringBuilder("\"");
    text.chars()
        .limit(EXCERPT)
        .forEach(c -> printable.append(c >= 0x20 && c < 0x7F ? (char) c : '.'));
    return printable.append(text.length() > EXCERPT ? "...\"" : "\"").toString();
  }

  private static String text(byte[] bytes, int offset, int length) {
    int end = Math.min(bytes.length, offset + length);
    return offset >= end
        ? ""
        : new String(bytes, offset, end - offset, StandardCharsets.ISO_8859_1);
  }

  public static boolean startsWith(byte[] bytes, int offset, int... expected) {
    if (bytes.length < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[offset + i] & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
