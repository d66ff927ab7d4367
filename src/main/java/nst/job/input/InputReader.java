package nst.job.input;

import java.util.function.Function;
import nst.model.TransferException;
import nst.storage.ObjectStore;

/**
 * Reads the inputs of rows.
 *
 * @param maxBytes larger objects are refused before they are read
 */
record InputReader(ObjectStore store, long maxBytes) {
  /**
   * Reads and decodes an input.
   *
   * @param column the column that contained the URI; failures name it
   * @throws TransferException if the input cannot be read or decoded
   */
  <T> T read(String uri, String column, RowTimes times, Function<byte[], T> decode) {
    try {
      byte[] bytes = times.time(RowTimes.Part.READ, () -> store.read(uri, maxBytes));
      return times.time(RowTimes.Part.DECODE, () -> decode.apply(bytes));
    } catch (TransferException e) {
      String where = e.getMessage().contains(uri) ? "" : " (" + uri + ")";
      throw new TransferException(e.code(), column + ": " + e.getMessage() + where, e);
    }
  }
}
