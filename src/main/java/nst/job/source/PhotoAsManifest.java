package nst.job.source;

import java.net.URI;
import java.util.Optional;
import nst.image.format.FormatSniffer;
import nst.model.text.Launcher;
import nst.model.text.ShellWords;

/** The advice for a photo that was given where a manifest is expected. */
public final class PhotoAsManifest {
  private PhotoAsManifest() {}

  /**
   * Says what a file is and which command stylises it; empty if it is not an image.
   *
   * @param head the first bytes of the file
   */
  public static Optional<String> advice(byte[] head, URI file) {
    return "file".equals(file.getScheme())
        ? advice(head, file.getPath())
        : FormatSniffer.find(head)
            .map(
                format ->
                    "it is a " + format + " image. A manifest names photos in its column content");
  }

  /**
   * Says what a local file is and which command stylises it; empty if it is not an image.
   *
   * @param head the first bytes of the file
   */
  public static Optional<String> advice(byte[] head, String path) {
    return FormatSniffer.find(head)
        .map(
            format ->
                "it is a "
                    + format
                    + " image. To stylise one photo without a manifest, run: "
                    + Launcher.command()
                    + " stylize "
                    + ShellWords.quoted(path)
                    + " --style PAINTING.jpg");
  }
}
