package nst.job.source;

import java.util.Map;

/**
 * A record of a text file: a row of the manifest.
 *
 * @param line the number of its first line in the file, from 1
 * @param cells the values by column; a value that is not set has no entry
 * @param fault what was expected and found, if the record cannot be read; otherwise empty
 */
public record TextRecord(long line, Map<String, Cell> cells, String fault) {

  /** A record that cannot be read. It is a row too, so that no row is lost. */
  static TextRecord unreadable(long line, String fault) {
    return new TextRecord(line, Map.of(), fault);
  }
}
