package nst.job;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The class path with which {@code submit.sh} starts a JVM, and its class data archive. The archive
 * halves the CPU time of a start, and the JVM uses it only with this class path.
 */
public final class LauncherClassPath {
  private LauncherClassPath() {}

  /**
   * The jar of this build and the jars that {@code submit.sh} uses, in the order of the archive.
   */
  public static String jars() {
    try {
      return Path.of("target/nst.jar").toAbsolutePath()
          + File.pathSeparator
          + Files.readString(Path.of("target/classpath")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts a folder with resources before the jars. The JVM would not use the archive with another
   * first entry, but it ignores entries that do not exist. It asks the file system, where this
   * entry does not exist. The class loader removes {@code ..} from the name before it asks, and
   * finds the folder.
   */
  static String withResources(Path folder) {
    return folder.resolve("absent").resolve("..") + File.pathSeparator + jars();
  }

  /**
   * Returns the value of {@code NST_JAVA_OPTS} with which a process finds resources in this folder
   * first.
   */
  static String optionWithResources(Path folder) {
    return "-cp " + withResources(folder);
  }

  /** The JVM option that names the archive. */
  public static String archiveOption() {
    return "-XX:SharedArchiveFile=" + Path.of("target/nst.jsa").toAbsolutePath();
  }
}
