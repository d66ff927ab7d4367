package nst.model.text;

import java.util.List;
import java.util.stream.Collectors;

/** Words of a command line as a POSIX shell reads them. */
public final class ShellWords {
  private ShellWords() {}

  /** The command line with these words. */
  public static String line(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  /** Puts a word between single quotes if a shell would change it or split it. */
  public static String quoted(String word) {
    return word.matches("[\\w./:+,@%=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
