package nst.image.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an image came to be, as it is written into the image's own file.
 *
 * @param json the whole record; comes back from {@link ImageRecordReader} character by character
 * @param fields the few values that a person looks for, by name in the order to be shown; names are
 *     of letters, digits and underscores, as {@code content_weight}. Long values are shortened: the
 *     JSON has them whole.
 * @param credits whose photo the image was made from
 */
public record ImageRecord(String json, Map<String, String> fields, Credits credits) {

  /** The name under which files carry the record: PNG's keyword, XMP's prefix. */
  static final String KEYWORD = "nst";

  /** The record of an image whose photo names nobody. */
  public ImageRecord(String json, Map<String, String> fields) {
    this(json, fields, Credits.NONE);
  }

  public ImageRecord {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    for (String name : fields.keySet()) {
      if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
        throw new IllegalArgumentException(
            "Invalid field name: expected letters, digits and underscores, was " + name);
      }
    }
  }
}
