package nst.image.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The record of how an image was made, for its own file.
 *
 * @param json the whole record; {@link ImageRecordReader} returns it unchanged
 * @param fields the most important values for people, by name and in the order of display. Names
 *     consist of letters, digits and underscores, such as {@code content_weight}. Long values are
 *     shortened; the JSON contains them whole
 * @param credits the credits of the photo
 */
public record ImageRecord(String json, Map<String, String> fields, Credits credits) {

  /** The name of the record in files: the keyword in PNG, the prefix in XMP. */
  static final String KEYWORD = "nst";

  /** A record for a photo without credits. */
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
