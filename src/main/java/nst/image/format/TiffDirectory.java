package nst.image.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A directory of a TIFF structure (TIFF 6.0, section 2). EXIF has the same structure. Values are
 * read one by one when needed. A library would copy all values of all tags, and a malicious file
 * may have thousands of tags that each refer to the whole file.
 */
public final class TiffDirectory {
  private static final int ENTRY_BYTES = 12;

  /** The largest number of pages that are read; a scanned book has hundreds. */
  private static final int MAX_DIRECTORIES = 10_000;

  private static final int BYTE = 1;
  private static final int ASCII = 2;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int SIGNED_BYTE = 6;
  private static final int UNDEFINED = 7;
  private static final int SIGNED_SHORT = 8;
  private static final int SIGNED_LONG = 9;
  private static final int SUBDIRECTORY = 13;

  private final ByteBuffer file;
  private final int offset;

  private TiffDirectory(ByteBuffer file, int offset) {
    this.file = file;
    this.offset = offset;
  }

  /**
   * The first directory.
   *
   * @param bytes a TIFF structure: EXIF without the {@code Exif\0\0} before it, or a TIFF file
   * @return empty if the bytes are not a TIFF structure or end before the directory
   */
  public static Optional<TiffDirectory> first(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    if (FormatSniffer.startsWith(bytes, 0, 'I', 'I', '*', 0)) {
      file.order(ByteOrder.LITTLE_ENDIAN);
    } else if (!FormatSniffer.startsWith(bytes, 0, 'M', 'M', 0, '*')) {
      return Optional.empty();
    }
    return bytes.length < 8 ? Optional.empty() : at(file, file.getInt(4) & 0xFFFFFFFFL);
  }

  /** All directories of the chain that begins with the first: the pages of a TIFF file. */
  static List<TiffDirectory> chain(byte[] bytes) {
    List<TiffDirectory> chain = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    Optional<TiffDirectory> next = first(bytes);
    while (next.isPresent()
        && seen.add(next.get().offset)
        && chain.size() < MAX_DIRECTORIES) { // a chain may be circular
      chain.add(next.get());
      next = next.get().next();
    }
    return chain;
  }

  private static Optional<TiffDirectory> at(ByteBuffer file, long offset) {
    return offset < 8 || offset + 2 > file.limit()
        ? Optional.empty()
        : Optional.of(new TiffDirectory(file, (int) offset));
  }

  private Optional<TiffDirectory> next() {
    long end = offset + 2 + (long) entries() * ENTRY_BYTES;
    return end + 4 > file.limit()
        ? Optional.empty()
        : at(file, file.getInt((int) end) & 0xFFFFFFFFL);
  }

  private int entries() {
    return file.getShort(offset) & 0xFFFF;
  }

  /** Whether all entries are inside the bytes. */
  public boolean isWhole() {
    return offset + 2 + (long) entries() * ENTRY_BYTES <= file.limit();
  }

  public boolean has(int tag) {
    return find(tag) >= 0;
  }

  /**
   * The first value of a tag that is a whole number of any TIFF type.
   *
   * @return empty if the tag does not exist, has another type, or refers to a place outside the
   *     bytes
   */
  public OptionalLong whole(int tag) {
    List<Long> values = wholes(tag, 1);
    return values.isEmpty() ? OptionalLong.empty() : OptionalLong.of(values.get(0));
  }

  /** The first values of a tag, like {@link #whole}; at most {@code most}. */
  List<Long> wholes(int tag, int most) {
    List<Long> values = new ArrayList<>();
    int entry = find(tag);
    if (entry < 0) {
      return values;
    }
    int type = file.getShort(entry + 2) & 0xFFFF;
    int width = bytesOfWhole(type);
    long count = Math.min(most, file.getInt(entry + 4) & 0xFFFFFFFFL);
    long at = valueOffset(entry, width);
    if (width == 0 || at + count * width > file.limit()) {
      return values;
    }
    for (int i = 0; i < count; i++) {
      values.add(wholeAt((int) at + i * width, type));
    }
    return values;
  }

  /**
   * The bytes of a tag of type BYTE, ASCII or UNDEFINED; also of type LONG, which older writers use
   * for IPTC records.
   *
   * @return empty if the tag does not exist, has another type, refers to a place outside the bytes,
   *     or is longer than {@code most}
   */
  public Optional<byte[]> bytes(int tag, int most) {
    int entry = find(tag);
    if (entry < 0) {
      return Optional.empty();
    }
    int type = file.getShort(entry + 2) & 0xFFFF;
    int width = type == LONG ? 4 : 1;
    long count = (file.getInt(entry + 4) & 0xFFFFFFFFL) * width;
    long at = valueOffset(entry, width);
    boolean isBytes = type == BYTE || type == ASCII || type == UNDEFINED || type == LONG;
    if (!isBytes || count > most || at + count > file.limit()) {
      return Optional.empty();
    }
    byte[] value = new byte[(int) count];
    file.get((int) at, value);
    return Optional.of(value);
  }

  /** The directories that a tag points to, such as SubIFDs. */
  List<TiffDirectory> directories(int tag, int most) {
    return wholes(tag, most).stream().flatMap(where -> at(file, where).stream()).toList();
  }

  /** The offset of a tag's entry, or -1. */
  private int find(int tag) {
    int entries = entries();
    for (int i = 0; i < entries; i++) {
      long entry = offset + 2 + (long) i * ENTRY_BYTES;
      if (entry + ENTRY_BYTES > file.limit()) {
        return -1;
      }
      if ((file.getShort((int) entry) & 0xFFFF) == tag) {
        return (int) entry;
      }
    }
    return -1;
  }

  /** Values of up to four bytes are in the entry itself. */
  private long valueOffset(int entry, int width) {
    long bytes = (file.getInt(entry + 4) & 0xFFFFFFFFL) * width;
    return bytes <= 4 ? entry + 8 : file.getInt(entry + 8) & 0xFFFFFFFFL;
  }

  private static int bytesOfWhole(int type) {
    return switch (type) {
      case BYTE, SIGNED_BYTE -> 1;
      case SHORT, SIGNED_SHORT -> 2;
      case LONG, SIGNED_LONG, SUBDIRECTORY -> 4;
      default -> 0;
    };
  }

  private long wholeAt(int at, int type) {
    return switch (type) {
      case BYTE -> file.get(at) & 0xFF;
      case SIGNED_BYTE -> file.get(at);
      case SHORT -> file.getShort(at) & 0xFFFF;
      case SIGNED_SHORT -> file.getShort(at);
      case SIGNED_LONG -> file.getInt(at);
      default -> file.getInt(at) & 0xFFFFFFFFL;
    };
  }
}
