package nst.image.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nst.image.format.FormatSniffer;
import nst.image.format.ImageFormat;
import nst.image.format.JpegSegments;
import nst.image.format.PngChunks;
import nst.image.format.PngText;
import nst.image.format.TiffDirectory;
import nst.image.format.WebpFile;

/**
 * Finds the {@link Credits} in the file of a photo. Three standards have them, in this order of
 * precedence: XMP ({@code dc:creator}, {@code dc:rights}), which has Unicode and no limit on
 * length; IPTC's older records (by-line 2:80, copyright notice 2:116); and EXIF ({@code Artist},
 * {@code Copyright}), which cameras fill with a configured text. Metadata that cannot be read is
 * ignored.
 */
public final class CreditsReader {
  private static final int EXIF_ARTIST = 0x013B;
  private static final int EXIF_COPYRIGHT = 0x8298;
  private static final int TIFF_XMP = 700;
  private static final int TIFF_IPTC = 33_723;
  private static final int MAX_BYTES = 1 << 20;

  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  private static final String PHOTOSHOP = "Photoshop 3.0\0";
  private static final int IPTC_RESOURCE = 0x0404;

  private static final int IPTC_MARK = 0x1C;
  private static final int BY_LINE = 80;
  private static final int COPYRIGHT_NOTICE = 116;

  private CreditsReader() {}

  public static Credits of(byte[] file, ImageFormat format) {
    return switch (format) {
      case JPEG -> ofJpeg(JpegSegments.of(file));
      case PNG -> ofPng(PngChunks.of(file));
      case WEBP -> {
        WebpFile chunks = WebpFile.of(file);
        yield ofXmp(chunks.xmp()).or(ofExif(chunks.exif()));
      }
      case TIFF ->
          TiffDirectory.first(file)
              .map(
                  directory ->
                      ofXmp(directory.bytes(TIFF_XMP, MAX_BYTES))
                          .or(ofIptc(directory.bytes(TIFF_IPTC, MAX_BYTES)))
                          .or(ofDirectory(directory)))
              .orElse(Credits.NONE);
      case GIF, BMP -> Credits.NONE;
    };
  }

  private static Credits ofJpeg(JpegSegments segments) {
    return ofXmp(segments.payload(JpegSegments.APP1, XMP))
        .or(ofIptc(segments.payload(JpegSegments.APP13, PHOTOSHOP).flatMap(CreditsReader::iptc)))
        .or(ofExif(segments.exif()));
  }

  private static Credits ofPng(PngChunks chunks) {
    return ofXmp(PngText.named(chunks, PngText.XMP).map(CreditsReader::utf8))
        .or(ofExif(chunks.first("eXIf").map(chunks::data)))
        .or(
            new Credits(
                PngText.named(chunks, "Author").stream().toList(),
                PngText.named(chunks, "Copyright").orElse("")));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Credits ofXmp(Optional<byte[]> packet) {
    return packet
        .filter(bytes -> bytes.length <= MAX_BYTES)
        .map(XmpCredits::read)
        .orElse(Credits.NONE);
  }

  private static Credits ofExif(Optional<byte[]> exif) {
    return exif.flatMap(TiffDirectory::first).map(CreditsReader::ofDirectory).orElse(Credits.NONE);
  }

  private static Credits ofDirectory(TiffDirectory directory) {
    String artist = ascii(directory.bytes(EXIF_ARTIST, MAX_BYTES), "; ");
    // The notices of a photographer and an editor may follow each other, separated by a NUL.
    String copyright = ascii(directory.bytes(EXIF_COPYRIGHT, MAX_BYTES), ", ");
    return new Credits(artist.isEmpty() ? List.of() : List.of(artist), copyright);
  }

  private static String ascii(Optional<byte[]> value, String separator) {
    return value
        .map(
            bytes ->
                String.join(
                    separator,
                    Arrays.stream(text(bytes).split("\0", -1))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList()))
        .orElse("");
  }

  /** IPTC's records inside Photoshop's image resources. */
  private static Optional<byte[]> iptc(byte[] payload) {
    int at = 0;
    while (at + 12 <= payload.length && FormatSniffer.startsWith(payload, at, '8', 'B', 'I', 'M')) {
      int id = number(payload, at + 4);
      int name = 1 + (payload[at + 6] & 0xFF);
      int size = at + 6 + name + (name & 1); // padded to even, as the data is
      if (size + 4 > payload.length) {
        return Optional.empty();
      }
      long length = ((long) number(payload, size) << 16) | number(payload, size + 2);
      int data = size + 4;
      if (length > payload.length - data) {
        return Optional.empty();
      }
      if (id == IPTC_RESOURCE) {
        return Optional.of(Arrays.copyOfRange(payload, data, data + (int) length));
      }
      at = data + (int) (length + (length & 1));
    }
    return Optional.empty();
  }

  private static Credits ofIptc(Optional<byte[]> records) {
    if (records.isEmpty()) {
      return Credits.NONE;
    }
    byte[] bytes = records.get();
    List<String> creators = new ArrayList<>();
    String rights = "";
    int at = 0;
    while (at + 5 <= bytes.length && (bytes[at] & 0xFF) == IPTC_MARK) {
      int length = number(bytes, at + 3);
      if (at + 5 + length > bytes.length) {
        break; // longer than the bytes, or in IPTC's extended form, which texts do not need
      }
      String text = text(Arrays.copyOfRange(bytes, at + 5, at + 5 + length)).strip();
      if (bytes[at + 1] == 2 && (bytes[at + 2] & 0xFF) == BY_LINE && !text.isEmpty()) {
        creators.add(text);
      } else if (bytes[at + 1] == 2 && (bytes[at + 2] & 0xFF) == COPYRIGHT_NOTICE) {
        rights = text;
      }
      at += 5 + length;
    }
    return new Credits(creators, rights);
  }

  /**
   * UTF-8 if the bytes are valid UTF-8, otherwise Latin-1, because text of these standards often
   * does not state its encoding.
   */
  private static String text(byte[] bytes) {
    String decoded = new String(bytes, StandardCharsets.UTF_8);
    return decoded.indexOf('\uFFFD') < 0 ? decoded : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static int number(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
  }
}
