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

  /** One word, in quotes if it needs them. */
  private static String quoted(String word) {
    return word.matches("[\\w./:+,@%=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
