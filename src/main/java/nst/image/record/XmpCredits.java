package nst.image.record;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads {@code dc:creator} and {@code dc:rights} from an XMP packet (ISO 16684-1). */
final class XmpCredits {
  static final String DUBLIN_CORE = "http://purl.org/dc/elements/1.1/";
  private static final String RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

  private XmpCredits() {}

  /**
   * Returns no credits if the packet is not valid XML, because damaged metadata must not reject a
   * photo.
   */
  static Credits read(byte[] packet) {
    try {
      XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(packet));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException
        | RuntimeException e) { // the JDK's reader throws both for invalid input
      return Credits.NONE;
    }
  }

  private static Credits read(XMLStreamReader reader) throws XMLStreamException {
    List<String> creators = new ArrayList<>();
    String rights = "";
    while (reader.hasNext()) {
      if (reader.next() != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      String attribute = reader.getAttributeValue(DUBLIN_CORE, "rights");
      if (attribute != null) {
        rights = attribute.strip(); // the short form of a plain-text property
      }
      if (!DUBLIN_CORE.equals(reader.getNamespaceURI())) {
        continue;
      }
      if (reader.getLocalName().equals("creator")) {
        creators.addAll(values(reader));
      } else if (reader.getLocalName().equals("rights")) {
        rights = values(reader).stream().findFirst().orElse(""); // the default language is first
      }
    }
    return new Credits(creators, rights);
  }

  /** The texts of the items in an element, or its own text if it has no items. */
  private static List<String> values(XMLStreamReader reader) throws XMLStreamException {
    List<String> items = new ArrayList<>();
    StringBuilder own = new StringBuilder();
    StringBuilder item = new StringBuilder();
    int depth = 1;
    while (depth > 0) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          item.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          item.append(reader.getText());
          own.append(reader.getText());
        }
        case XMLStreamConstants.END_ELEMENT -> {
          depth--;
          boolean isItem =
              RDF.equals(reader.getNamespaceURI()) && reader.getLocalName().equals("li");
          if (isItem && !item.toString().isBlank()) {
            items.add(item.toString().strip());
          }
        }
        default -> {}
      }
    }
    if (items.isEmpty() && !own.toString().isBlank()) {
      items.add(own.toString().strip());
    }
    return items;
  }

  /** The packet is untrusted: document types, entities and external references are disabled. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    return factory;
  }
}
