package nst.image.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * The marker segments of a JPEG file up to its first scan (ITU-T T.81, annex B), without decoding.
 * Also works on a prefix of the file, and lists the segments in it.
 */
public final class JpegSegments {
  public static final int APP0 = 0xE0;
  public static final int APP1 = 0xE1;
  public static final int APP2 = 0xE2;
  public static final int APP13 = 0xED;
  public static final int APP14 = 0xEE;
  static final int APP15 = 0xEF;
  static final int COM = 0xFE;
  static final int SOF55 = 0xF7; // JPEG-LS
  static final int SOI = 0xD8;
  static final int EOI = 0xD9;
  public static final int SOS = 0xDA;

  /** The largest payload of a segment. The length field counts its own two bytes. */
  public static final int MAX_PAYLOAD = 65_533;

  private static final String EXIF = "Exif\0\0";
  private static final String ICC = "ICC_PROFILE\0";
  private static final String ADOBE = "Adobe";

  /**
   * A marker segment.
   *
   * @param offset the offset of the payload in the file
   * @param length the length of the payload
   */
  public record Segment(int marker, int offset, int length) {}

  /**
   * A frame header.
   *
   * @param process the number of the marker, from 0: 0 baseline, 1 extended, 2 progressive, 3
   *     lossless, from 9 arithmetic coding (T.81, table B.1)
   * @param identifiers the identifiers of the components, in order
   */
  public record Frame(
      int width,
      int height,
      int components,
      int precision,
      int process,
      List<Integer> identifiers) {}

  private final byte[] file;
  private final List<Segment> segments;
  private final int scan; // offset of the SOS marker, or of the end of reading

  private JpegSegments(byte[] file, List<Segment> segments, int scan) {
    this.file = file;
    this.segments = List.copyOf(segments);
    this.scan = scan;
  }

  /** The complete segments in the bytes before the first scan. */
  public static JpegSegments of(byte[] file) {
    List<Segment> segments = new ArrayList<>();
    int at = 2;
    while (at + 4 <= file.length) {
      if ((file[at] & 0xFF) != 0xFF) {
        at++; // stray bytes between segments: other readers skip them too
        continue;
      }
      int marker = file[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++; // fill byte
      } else if (marker == SOS || marker == EOI) {
        break;
      } else if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= SOI)) {
        at += 2; // no length follows these
      } else {
        int length = length(file, at + 2);
        if (length < 2 || at + 2 + length > file.length) {
          break;
        }
        segments.add(new Segment(marker, at + 4, length - 2));
        at += 2 + length;
      }
    }
    return new JpegSegments(file, segments, Math.min(at, file.length));
  }

  private static int length(byte[] file, int at) {
    return ((file[at] & 0xFF) << 8) | (file[at + 1] & 0xFF);
  }

  public List<Segment> all() {
    return segments;
  }

  public byte[] payload(Segment segment) {
    return Arrays.copyOfRange(file, segment.offset(), segment.offset() + segment.length());
  }

  public boolean begins(Segment segment, String signature) {
    byte[] expected = signature.getBytes(StandardCharsets.ISO_8859_1);
    return segment.length() >= expected.length
        && Arrays.equals(
            file,
            segment.offset(),
            segment.offset() + expected.length,
            expected,
            0,
            expected.length);
  }

  /** The bytes after a signature in the first segment of a marker that begins with it. */
  public Optional<byte[]> payload(int marker, String signature) {
    return segments.stream()
        .filter(segment -> segment.marker() == marker && begins(segment, signature))
        .findFirst()
        .map(this::payload)
        .map(payload -> Arrays.copyOfRange(payload, signature.length(), payload.length));
  }

  /**
   * Returns the frame header.
   *
   * @throws TransferException CORRUPT_IMAGE if there is none
   */
  public Frame frame() {
    for (Segment segment : segments) {
      int marker = segment.marker();
      boolean isFrame =
          marker == SOF55
              || (marker >= 0xC0
                  && marker <= 0xCF
                  && marker != 0xC4
                  && marker != 0xC8
                  && marker != 0xCC);
      if (isFrame && segment.length() >= 6) {
        int at = segment.offset();
        Frame frame =
            new Frame(
                (file[at + 3] & 0xFF) << 8 | (file[at + 4] & 0xFF),
                (file[at + 1] & 0xFF) << 8 | (file[at + 2] & 0xFF),
                file[at + 5] & 0xFF,
                file[at] & 0xFF,
                marker - 0xC0,
                identifiers(segment));
        if (frame.width() < 1 || frame.height() < 1) {
          throw new TransferException(
              ErrorCode.CORRUPT_IMAGE,
              "Corrupt JPEG: expected a positive size, was "
                  + frame.width()
                  + " x "
                  + frame.height());
        }
        return frame;
      }
    }
    throw new TransferException(
        ErrorCode.CORRUPT_IMAGE,
        "Corrupt JPEG: expected a frame header before the image data, found none in "
            + file.length
            + " bytes");
  }

  private List<Integer> identifiers(Segment frame) {
    List<Integer> identifiers = new ArrayList<>();
    for (int at = 6; at + 3 <= frame.length(); at += 3) {
      identifiers.add(file[frame.offset() + at] & 0xFF);
    }
    return identifiers;
  }

  /** The first block of EXIF, as a TIFF structure. */
  public Optional<byte[]> exif() {
    return payload(APP1, EXIF);
  }

  /**
   * The colour profile, joined from its numbered segments (ICC.1, annex B.4).
   *
   * @param warnings receives a sentence if parts of it are missing
   */
  public Optional<byte[]> iccProfile(List<String> warnings) {
    List<byte[]> parts = new ArrayList<>();
    int expected = 0;
    for (Segment segment : segments) {
      if (segment.marker() == APP2 && begins(segment, ICC) && segment.length() > ICC.length() + 2) {
        expected = file[segment.offset() + ICC.length() + 1] & 0xFF;
        parts.add(payload(segment));
      }
    }
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    parts.sort((a, b) -> Integer.compare(a[ICC.length()] & 0xFF, b[ICC.length()] & 0xFF));
    if (parts.size() != expected) {
      warnings.add(
          "colour profile: expected "
              + expected
              + " parts, found "
              + parts.size()
              + "; colours were treated as sRGB");
      return Optional.empty();
    }
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      profile.write(part, ICC.length() + 2, part.length - ICC.length() - 2);
    }
    return Optional.of(profile.toByteArray());
  }

  /** Whether there is a JFIF segment. */
  boolean isJfif() {
    return segments.stream()
        .anyMatch(
            segment ->
                segment.marker() == APP0 && segment.length() >= 14 && begins(segment, "JFIF\0"));
  }

  /** Adobe's colour transform: 0 none, 1 YCbCr, 2 YCCK; empty without such a segment. */
  Optional<Integer> adobeTransform() {
    return segments.stream()
        .filter(segment -> segment.marker() == APP14 && begins(segment, ADOBE))
        .filter(segment -> segment.length() >= 12)
        .findFirst()
        .map(segment -> file[segment.offset() + 11] & 0xFF);
  }

  /**
   * The scans of a file.
   *
   * @param count the number of scans; each costs a pass over the whole image
   * @param end the offset after EOI, the end of the image; without EOI, the length of the file
   */
  public record Scans(int count, int end) {}

  /**
   * Finds the scans and the end of the image. Bytes after EOI do not belong to the image. Phones
   * store the video of a motion photo there, or a second image.
   */
  public Scans scans() {
    int count = 0;
    int at = scan;
    while (at + 1 < file.length) {
      int marker = file[at + 1] & 0xFF;
      if ((file[at] & 0xFF) != 0xFF || marker == 0xFF) {
        at++;
      } else if (marker == EOI) {
        return new Scans(count, at + 2);
      } else if (marker < 0xC0 || (marker >= 0xD0 && marker <= SOI)) {
        at += 2; // a stuffed byte, a restart, or another marker without a length
      } else {
        count += marker == SOS ? 1 : 0;
        at += 2 + (at + 3 < file.length ? length(file, at + 2) : 0);
      }
    }
    return new Scans(count, file.length);
  }

  /**
   * The file with only the segments that a decoder needs for the pixels: without profile, EXIF,
   * thumbnail, comments and bytes after EOI. So they can neither confuse the decoder nor fill its
   * memory. The colour space is stated once, in Adobe's segment, because readers interpret the
   * several places differently.
   *
   * @param adobeTransform the transform for Adobe's segment; empty for no segment
   */
  public byte[] withoutMetadata(Optional<Integer> adobeTransform) {
    ByteArrayOutputStream lean = new ByteArrayOutputStream(file.length);
    lean.write(0xFF);
    lean.write(SOI);
    adobeTransform.ifPresent(
        transform -> {
          lean.writeBytes(new byte[] {(byte) 0xFF, (byte) APP14, 0, 14});
          lean.writeBytes(ADOBE.getBytes(StandardCharsets.ISO_8859_1));
          lean.writeBytes(new byte[] {0, 100, 0, 0, 0, 0}); // version and flags
          lean.write(transform);
        });
    for (Segment segment : segments) {
      int marker = segment.marker();
      boolean isMetadata = (marker >= APP0 && marker <= APP15) || marker == COM;
      if (!isMetadata) {
        lean.write(file, segment.offset() - 4, segment.length() + 4);
      }
    }
    lean.write(file, scan, Math.max(scan, scans().end()) - scan);
    return lean.toByteArray();
  }
}
