package nst.job.publish;

import java.util.List;

/**
 * What was published.
 *
 * @param written the number of files that were created
 * @param replaced the number of other files that were replaced
 * @param unchanged the number of files that had the picture already
 * @param withoutPicture the number of rows that have no picture, because they failed
 * @param missing pictures that the metrics name and that do not exist, the first of them
 */
public record Publication(
    long written, long replaced, long unchanged, long withoutPicture, Missing missing) {

  /**
   * Pictures that could not be published.
   *
   * @param count their number
   * @param uris the first of them
   */
  public record Missing(long count, List<String> uris) {
    public Missing {
      uris = List.copyOf(uris);
    }
  }
}
