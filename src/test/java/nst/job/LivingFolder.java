package nst.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks into a folder that others are writing to. */
final class LivingFolder {
  private LivingFolder() {}

  /** All that is in it, at any depth; nothing where there is no such folder yet. */
  static List<Path> files(Path folder) throws IOException {
    while (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        return files.sorted().toList();
      } catch (UncheckedIOException e) {
        // a temporary file went while it was looked at: once more
      }
    }
    return List.of();
  }
}
