package nst.sampledata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the generated parts of {@code sample-data}: the manifest and the mask. Its README has the
 * command.
 */
public final class SampleData {
  private SampleData() {}

  /**
   * Writes both.
   *
   * @param arguments the folder, {@code sample-data} by default
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "sample-data");
    Files.write(folder.resolve(SampleMask.PATH), SampleMask.png());
    SampleManifest.write(folder.resolve("manifest.parquet"));
  }
}
