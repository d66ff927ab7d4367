package nst.job.publish;

/** What is published of a picture: its file, or the picture in the size of its photo. */
interface Rendition {
  /**
   * Whether a file is what {@link #bytes} would return.
   *
   * @param file the bytes of a file that exists
   */
  boolean matches(PublishedPicture picture, byte[] file);

  /**
   * The bytes to publish.
   *
   * @throws nst.model.TransferException if an input cannot be read
   */
  byte[] bytes(PublishedPicture picture);
}
