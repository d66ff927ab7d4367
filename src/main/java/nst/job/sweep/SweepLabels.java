package nst.job.sweep;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.text.Sha256;
import nst.model.text.ShortText;
import nst.storage.Uris;

/** The readable names of the rows of a sweep. */
final class SweepLabels {
  /** Longer ids are shortened; an id is at most 1024 characters. */
  private static final int LONGEST = 200;

  private static final int DIGEST_DIGITS = 8;

  private SweepLabels() {}

  /**
   * A short name for each file, all different: the name without its extension if that is enough,
   * otherwise with the extension, with its folder, or the whole URI.
   */
  static Map<String, String> of(Collection<String> uris) {
    List<UnaryOperator<String>> forms =
        List.of(Uris::stem, Uris::fileName, SweepLabels::withFolder, UnaryOperator.identity());
    for (UnaryOperator<String> form : forms) {
      Map<String, String> labels = new LinkedHashMap<>();
      uris.forEach(uri -> labels.put(uri, form.apply(uri)));
      if (new HashSet<>(labels.values()).size() == labels.size()) {
        return labels;
      }
    }
    throw new IllegalStateException("URIs differ from each other");
  }

  private static String withFolder(String uri) {
    return Uris.fileName(Uris.folder(uri)) + "/" + Uris.fileName(uri);
  }

  /** The text of a value of an axis. */
  static String value(SweepAxis axis, SweepPoint point) {
    if (axis.knob().isEmpty()) {
      return point.preset().map(Preset::label).orElse("");
    }
    Knob knob = axis.knob().get();
    Object value = point.knobs().get(knob);
    if (value instanceof Double number) {
      return number(number);
    }
    String text = knob.domain().text(value);
    return Knob.ofUris().contains(knob) ? Uris.stem(text) : text;
  }

  /** A number without a decimal point that is not needed. */
  static String number(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    return decimal.scale() < -6 || decimal.scale() > 9
        ? decimal.toString()
        : decimal.toPlainString();
  }

  /** An id that is not in use yet. Long ones are shortened. */
  static String unused(String wanted, Set<String> used) {
    String id = wanted;
    if (wanted.length() > LONGEST) {
      String digest = Sha256.hex(wanted.getBytes(StandardCharsets.UTF_8));
      id =
          ShortText.begin(wanted, LONGEST - DIGEST_DIGITS - 1)
              + "-"
              + digest.substring(0, DIGEST_DIGITS);
    }
    String unused = id;
    for (int number = 2; !used.add(unused); number++) {
      unused = id + "-" + number;
    }
    return unused;
  }
}
