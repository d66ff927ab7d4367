package nst.report.row;

import java.util.function.Supplier;

/** A part inside the page itself; a bean for the template, which writes it as a script element. */
public final class EmbeddedPart {
  private final String id;
  private final String type;
  private final Supplier<String> text;

  EmbeddedPart(String id, String type, Supplier<String> text) {
    this.id = id;
    this.type = type;
    this.text = text;
  }

  /** The id of its element. */
  public String getId() {
    return id;
  }

  /** {@code text/plain} for a picture, {@code application/json} for data. */
  public String getType() {
    return type;
  }

  /** Its text, which may be read from a file. */
  public String getText() {
    return text.get();
  }
}
