package nst.image.record;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The record as XMP (ISO 16684-1), which exiftool and image viewers show: {@code exiftool
 * -XMP-nst:all picture.jpg}. It also contains properties of the IPTC Photo Metadata Standard: the
 * creator and rights of the photo, and the information that an algorithm made the image.
 */
public final class XmpPacket {
  /** The XMP namespace of the properties. It is a name and not a web address. */
  static final String NAMESPACE = "urn:nst:record:1";

  static final String RECORD_PROPERTY = "record";

  /**
   * IPTC's term for media created by an algorithm with a model trained on sampled content; the
   * network was trained on photos. {@code algorithmicMedia} would mean that no training data was
   * used.
   */
  public static final String DIGITAL_SOURCE_TYPE =
      "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

  private static final int MAX_VALUE = 256;
  private static final int MAX_NOTICE = 2000;
  private static final int MAX_CREATORS = 16;
  private static final int MAX_BYTES = 60_000; // of a JPEG segment's 65,533

  private XmpPacket() {}

  /**
   * A packet with the fields for people.
   *
   * @throws IllegalArgumentException if there are too many for one JPEG segment
   */
  public static byte[] ofFields(ImageRecord record) {
    return packet(properties(record));
  }

  /**
   * A packet with the fields for people and a reference to the extended packet.
   *
   * @param extension the digest that identifies the extended packet (XMP part 3, 1.1.3.1)
   */
  static byte[] ofFieldsWithExtension(ImageRecord record, String extension) {
    return packet(
        properties(record)
            + "<xmpNote:HasExtendedXMP xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\">"
            + extension
            + "</xmpNote:HasExtendedXMP>\n");
  }

  /** A property whose value is already escaped for XML. */
  static byte[] ofRecord(String base64) {
    return ("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
            + description(
                "<nst:" + RECORD_PROPERTY + ">" + base64 + "</nst:" + RECORD_PROPERTY + ">")
            + "</x:xmpmeta>")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] packet(String properties) {
    byte[] packet =
        ("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                + "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                + description(properties)
                + "\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
            .getBytes(StandardCharsets.UTF_8);
    if (packet.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "Too many fields: expected at most " + MAX_BYTES + " bytes of XMP, was " + packet.length);
    }
    return packet;
  }

  private static String description(String properties) {
    return "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
        + "<rdf:Description rdf:about=\"\" xmlns:nst=\""
        + NAMESPACE
        + "\">\n"
        + properties
        + "</rdf:Description></rdf:RDF>";
  }

  private static String properties(ImageRecord record) {
    return iptc(record.credits()) + own(record.fields());
  }

  private static String iptc(Credits credits) {
    StringBuilder properties =
        new StringBuilder(
            "<Iptc4xmpExt:DigitalSourceType"
                + " xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">"
                + DIGITAL_SOURCE_TYPE
                + "</Iptc4xmpExt:DigitalSourceType>\n");
    if (!credits.creators().isEmpty()) {
      properties.append("<dc:creator xmlns:dc=\"" + XmpCredits.DUBLIN_CORE + "\"><rdf:Seq>");
      credits.creators().stream()
          .limit(MAX_CREATORS)
          .forEach(
              creator ->
                  properties
                      .append("<rdf:li>")
                      .append(escaped(shortened(creator, MAX_VALUE)))
                      .append("</rdf:li>"));
      properties.append("</rdf:Seq></dc:creator>\n");
    }
    if (!credits.rights().isEmpty()) {
      properties
          .append("<dc:rights xmlns:dc=\"" + XmpCredits.DUBLIN_CORE + "\"><rdf:Alt>")
          .append("<rdf:li xml:lang=\"x-default\">")
          .append(escaped(shortened(credits.rights(), MAX_NOTICE)))
          .append("</rdf:li></rdf:Alt></dc:rights>\n");
    }
    return properties.toString();
  }

  private static String own(Map<String, String> fields) {
    StringBuilder properties = new StringBuilder();
    fields.forEach(
        (name, value) ->
            properties
                .append("<nst:")
                .append(name)
                .append('>')
                .append(escaped(shortened(value, MAX_VALUE)))
                .append("</nst:")
                .append(name)
                .append(">\n"));
    return properties.toString();
  }

  private static String shortened(String value, int longest) {
    return value.codePointCount(0, value.length()) <= longest
        ? value
        : value.substring(0, value.offsetByCodePoints(0, longest - 1)) + "\u2026";
  }

  private static String escaped(String value) {
    StringBuilder escaped = new StringBuilder();
    value
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                default -> escaped.appendCodePoint(isXml(c) ? c : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  /** Keeps the characters that XML 1.0, section 2.2, allows. */
  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || (c >= 0x10000 && c <= 0x10FFFF);
  }
}
