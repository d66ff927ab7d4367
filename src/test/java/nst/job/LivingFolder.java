package nst.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Lists a folder while other processes write to it. */
final class LivingFolder {
  private LivingFolder() {}

  /** Returns all files in it, at any depth; none if the folder does not exist yet. */
  static List<Path> files(Path folder) throws IOException {
    while (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        return files.sorted().toList();
      } catch (UncheckedIOException e) {
        // a temporary file was deleted during the listing: try again
      }
    }
    return List.of();
  }
}
