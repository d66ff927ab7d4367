package nst.image.record;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import nst.image.format.Deflated;
import nst.image.format.JpegSegments;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * The record in a JPEG file. One segment contains XMP for people. The JSON, compressed and in
 * Base64, is a property of extended XMP in as many segments as needed (XMP part 3, 1.1.3.1),
 * because a segment holds only 64 KB. All are before the first scan, so the beginning of the file
 * is enough to read the record.
 */
public final class JpegRecord {
  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  private static final String EXTENDED_XMP = "http://ns.adobe.com/xmp/extension/\0";
  private static final String ICC = "ICC_PROFILE\0";

  /**
   * The size that Adobe recommends: less than 65,533 minus the signature, the digest and two
   * lengths.
   */
  private static final int PART_BYTES = 65_000;

  private static final int DIGEST_DIGITS = 32;
  private static final String OPENING = "<nst:" + XmpPacket.RECORD_PROPERTY + ">";
  private static final String CLOSING = "</nst:" + XmpPacket.RECORD_PROPERTY + ">";

  private JpegRecord() {}

  /** Adds the sRGB profile and the record to a file. */
  public static byte[] embed(byte[] jpeg, ImageRecord record) {
    byte[] extended =
        XmpPacket.ofRecord(
            Base64.getEncoder()
                .encodeToString(Deflated.deflate(record.json().getBytes(StandardCharsets.UTF_8))));
    String digest = md5(extended);
    ByteArrayOutputStream file = new ByteArrayOutputStream(jpeg.length + extended.length + 8192);
    int start = endOfJfif(jpeg);
    file.write(jpeg, 0, start);
    writeSegment(file, JpegSegments.APP1, XMP, XmpPacket.ofFieldsWithExtension(record, digest));
    for (int offset = 0; offset < extended.length; offset += PART_BYTES) {
      int end = Math.min(extended.length, offset + PART_BYTES);
      byte[] part =
          ByteBuffer.allocate(DIGEST_DIGITS + 8 + end - offset)
              .put(digest.getBytes(StandardCharsets.ISO_8859_1))
              .putInt(extended.length)
              .putInt(offset)
              .put(extended, offset, end - offset)
              .array();
      writeSegment(file, JpegSegments.APP1, EXTENDED_XMP, part);
    }
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    byte[] numbered =
        ByteBuffer.allocate(2 + profile.length).put((byte) 1).put((byte) 1).put(profile).array();
    writeSegment(file, JpegSegments.APP2, ICC, numbered);
    file.write(jpeg, start, jpeg.length - start);
    return file.toByteArray();
  }

  /**
   * The JSON of the record; empty if the bytes, which may be a prefix, do not contain all of it.
   */
  static Optional<String> extract(byte[] prefix) {
    return extendedXmp(JpegSegments.of(prefix)).flatMap(JpegRecord::json);
  }

  private static Optional<byte[]> extendedXmp(JpegSegments segments) {
    byte[] extended = new byte[0];
    String digest = "";
    int filled = 0;
    for (JpegSegments.Segment segment : segments.all()) {
      int header = EXTENDED_XMP.length() + DIGEST_DIGITS + 8;
      if (segment.marker() != JpegSegments.APP1
          || !segments.begins(segment, EXTENDED_XMP)
          || segment.length() < header) {
        continue;
      }
      byte[] payload = segments.payload(segment);
      ByteBuffer part = ByteBuffer.wrap(payload).position(EXTENDED_XMP.length());
      byte[] name = new byte[DIGEST_DIGITS];
      part.get(name);
      int total = part.getInt();
      int offset = part.getInt();
      if (filled == 0) {
        if (total < 1 || total > ImageRecordReader.MAX_RECORD_BYTES) {
          throw damaged();
        }
        extended = new byte[total];
        digest = new String(name, StandardCharsets.ISO_8859_1);
      }
      if (offset != filled || part.remaining() > extended.length - filled) {
        throw damaged();
      }
      int length = part.remaining();
      part.get(extended, filled, length);
      filled += length;
    }
    if (filled == 0 || filled < extended.length) {
      return Optional.empty();
    }
    if (!md5(extended).equals(digest)) {
      throw damaged();
    }
    return Optional.of(extended);
  }

  private static Optional<String> json(byte[] extended) {
    String xmp = new String(extended, StandardCharsets.UTF_8);
    int start = xmp.indexOf(OPENING);
    int end = xmp.indexOf(CLOSING);
    if (start < 0 || end < start) {
      return Optional.empty(); // extended XMP of another program
    }
    try {
      byte[] packed = Base64.getDecoder().decode(xmp.substring(start + OPENING.length(), end));
      byte[] json =
          Deflated.inflate(packed, 0, ImageRecordReader.MAX_RECORD_BYTES)
              .orElseThrow(JpegRecord::damaged);
      return Optional.of(new String(json, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw damaged();
    }
  }

  private static TransferException damaged() {
    return new TransferException(
        ErrorCode.CORRUPT_IMAGE, "Corrupt JPEG: its record (extended XMP) cannot be unpacked");
  }

  /** If there is a JFIF segment, it must be the first. */
  private static int endOfJfif(byte[] jpeg) {
    return JpegSegments.of(jpeg).all().stream()
        .limit(1)
        .filter(segment -> segment.marker() == JpegSegments.APP0)
        .mapToInt(segment -> segment.offset() + segment.length())
        .findFirst()
        .orElse(2);
  }

  private static void writeSegment(
      ByteArrayOutputStream file, int marker, String signature, byte[] payload) {
    byte[] begin = signature.getBytes(StandardCharsets.ISO_8859_1);
    int length = begin.length + payload.length;
    if (length > JpegSegments.MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "a segment holds " + JpegSegments.MAX_PAYLOAD + " bytes, were " + length);
    }
    file.write(0xFF);
    file.write(marker);
    file.write((length + 2) >> 8);
    file.write(length + 2);
    file.writeBytes(begin);
    file.writeBytes(payload);
  }

  /** XMP identifies extended packets by MD5 in upper case. It is a name and no protection. */
  private static String md5(byte[] data) {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(data);
      return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
