package nst.image;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The record as XMP (ISO 16684-1), which exiftool and picture viewers show: {@code exiftool
 * -XMP-nst:all picture.jpg}.
 */
final class XmpPacket {
  /** XMP names its properties by this; nothing is ever fetched from it. */
  static final String NAMESPACE = "urn:nst:record:1";

  static final String RECORD_PROPERTY = "record";

  private static final int MAX_VALUE = 256;
  private static final int MAX_BYTES = 60_000; // of a JPEG segment's 65,533

  private XmpPacket() {}

  /**
   * The fields for a person.
   *
   * @throws IllegalArgumentException when there are too many for one JPEG segment
   */
  static byte[] ofFields(Map<String, String> fields) {
    return packet(properties(fields));
  }

  /**
   * The fields for a person, and where the rest is to be found.
   *
   * @param extension the digest that names the extended packet (XMP part 3, 1.1.3.1)
   */
  static byte[] ofFieldsWithExtension(Map<String, String> fields, String extension) {
    return packet(
        properties(fields)
            + "<xmpNote:HasExtendedXMP xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\">"
            + extension
            + "</xmpNote:HasExtendedXMP>\n");
  }

  /** One property whose value is already safe in XML. */
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

  private static String properties(Map<String, String> fields) {
    StringBuilder properties = new StringBuilder();
    fields.forEach(
        (name, value) ->
            properties
                .append("<nst:")
                .append(name)
                .append('>')
                .append(escaped(shortened(value)))
                .append("</nst:")
                .append(name)
                .append(">\n"));
    return properties.toString();
  }

  private static String shortened(String value) {
    return value.codePointCount(0, value.length()) <= MAX_VALUE
        ? value
        : value.substring(0, value.offsetByCodePoints(0, MAX_VALUE - 1)) + "\u2026";
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

  /** The characters of XML 1.0, section 2.2. */
  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || (c >= 0x10000 && c <= 0x10FFFF);
  }
}
