package nst.sampledata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the repository's {@code sample-data} from nothing: photos, paintings and a manifest. Its
 * README has the command.
 */
public final class SampleData {
  private SampleData() {}

  /**
   * Writes everything.
   *
   * @param arguments the folder, {@code sample-data} when there is none
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "sample-data");
    for (SamplePicture picture : SamplePicture.values()) {
      Path file = folder.resolve(picture.path());
      Files.createDirectories(file.getParent());
      Files.write(file, picture.jpeg());
    }
    SampleManifest.write(folder.resolve("manifest.parquet"));
  }
}
