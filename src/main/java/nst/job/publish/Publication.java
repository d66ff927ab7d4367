package nst.job.publish;

import java.util.List;

/**
 * What was published.
 *
 * @param written the number of files that were created
 * @param replaced the number of other files that were replaced
 * @param unchanged the number of files that had the picture already
 * @param withoutPicture the number of rows that have no picture, because they failed
 * @param failed pictures that could not be published
 */
public record Publication(
    long written, long replaced, long unchanged, long withoutPicture, Failed failed) {

  /**
   * Pictures that could not be published.
   *
   * @param count their number
   * @param first why the first of them were not
   */
  public record Failed(long count, List<String> first) {
    public Failed {
      first = List.copyOf(first);
    }
  }
}
