package nst.model.text;

import java.util.List;

/** The command that starts this program, for messages with a command line to copy. */
public final class Launcher {
  /** The property in which the launcher passes on how it was called. */
  static final String PROPERTY = "nst.launcher";

  private Launcher() {}

  /** The command as the user typed it, quoted for a shell: {@code ./submit.sh}, {@code nst}. */
  public static String command() {
    return ShellWords.quoted(System.getProperty(PROPERTY, "./submit.sh"));
  }

  /** A command line: the command with these words, quoted where a shell needs it. */
  public static String line(List<String> words) {
    return command() + " " + ShellWords.line(words);
  }

  /** The file name of the command. */
  public static String name() {
    String typed = System.getProperty(PROPERTY, "./submit.sh");
    return typed.substring(typed.lastIndexOf('/') + 1);
  }
}
