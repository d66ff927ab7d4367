package nst.storage;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Lists the files of a folder. Links to files and to folders are followed, as a shell does. */
public final class LocalTree {
  private LocalTree() {}

  /** Receives what cannot be listed. */
  @FunctionalInterface
  public interface Unlisted {
    /** Records the fault, or throws an exception that ends the listing. */
    void at(Path file, IOException fault);
  }

  /**
   * The regular files in a folder, in the order of their paths.
   *
   * @param depth 1 for the files directly in the folder
   * @param unlisted receives folders that cannot be listed
   */
  public static List<Path> files(
      Path folder, int depth, Predicate<Path> chosen, Unlisted unlisted) {
    List<Path> files = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && chosen.test(file)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException fault) {
            boolean wasDeleted = fault instanceof NoSuchFileException;
            boolean wasFollowed = fault instanceof FileSystemLoopException;
            if (!wasDeleted && !wasFollowed) {
              unlisted.at(file, fault);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException fault) {
            if (fault != null) {
              unlisted.at(directory, fault);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
    } catch (IOException e) {
      unlisted.at(folder, e);
    }
    files.sort(null);
    return files;
  }
}
