package nst.job.source;

import java.util.List;
import nst.model.InvalidInputException;
import nst.storage.Uris;

/**
 * Where the rows of a run come from: a manifest, or a folder of photos of which each is combined
 * with each style.
 *
 * @param uri absolute URI of the manifest or the folder
 * @param styles absolute URIs of the styles for all photos; empty for a manifest
 * @param filter the photos of the folder that are used
 */
public record ManifestSource(String uri, List<String> styles, PhotoFilter filter) {
  public ManifestSource {
    styles = styles.stream().distinct().toList();
  }

  /** A manifest. */
  public static ManifestSource table(String uri) {
    return new ManifestSource(uri, List.of(), PhotoFilter.ALL);
  }

  /** Whether the rows are the photos of a folder. */
  public boolean isPhotos() {
    return !styles.isEmpty();
  }

  /**
   * Checks that the images of a run do not become photos of the next one.
   *
   * @param output absolute URI
   * @throws InvalidInputException if the output is in the folder of photos
   */
  public void requireOutside(String output) {
    if (isPhotos() && (output + "/").startsWith(uri.endsWith("/") ? uri : uri + "/")) {
      throw new InvalidInputException(
          "--output",
          "",
          "expected a folder outside the photos, because the next run would take its images for"
              + " photos, was "
              + Uris.display(output));
    }
  }
}
