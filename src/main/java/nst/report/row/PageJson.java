package nst.report.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * Writes data as JSON that may stand inside a script element. Text of users cannot end the element,
 * because {@code <}, {@code >} and {@code &} are escaped.
 */
public final class PageJson {
  private static final MathContext DIGITS = new MathContext(6);
  private static final ObjectMapper MAPPER = mapper();

  private PageJson() {}

  /** The JSON text of records, collections, arrays, text and numbers. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers can always be written", e);
    }
  }

  /** The text of a script file that gives data to the script of the page. */
  public static String script(String name, Object value) {
    return "nst.add(" + text(name) + "," + text(value) + ");\n";
  }

  /** Six significant digits; null if there is no finite number. */
  static BigDecimal number(Double value) {
    return value == null || !Double.isFinite(value) ? null : new BigDecimal(value).round(DIGITS);
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.getFactory().setCharacterEscapes(new ScriptEscapes());
    return mapper;
  }

  private static final class ScriptEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;
    private static final String SPECIAL =
        "<>&\u2028\u2029"; // the last two end a line in old JavaScript

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      SPECIAL
          .chars()
          .filter(sign -> sign < codes.length)
          .forEach(sign -> codes[sign] = ESCAPE_CUSTOM);
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int sign) {
      return SPECIAL.indexOf(sign) < 0
          ? null
          : new SerializedString(String.format(Locale.ROOT, "\\u%04x", sign));
    }
  }
}
