package nst.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs several commands in one process, which saves the start of a process for each. {@code
 * submit.sh} starts it in place of {@link Main} if {@code NST_JAVA_OPTS} ends with its name.
 */
public final class CommandSequence {
  /** The argument after each command. */
  public static final String END = ";";

  private CommandSequence() {}

  /** What is printed to standard output after a command. */
  public static String ended(int exitCode) {
    return "ended with " + exitCode;
  }

  /**
   * Runs the commands in order.
   *
   * @param arguments the name of the class that the launcher starts, then each command and {@link
   *     #END}
   */
  public static void main(String[] arguments) {
    List<String> command = new ArrayList<>();
    for (String argument : List.of(arguments).subList(1, arguments.length)) {
      if (argument.equals(END)) {
        String[] words = command.toArray(String[]::new);
        System.out.println(ended(Main.commandLineFor(words).execute(words)));
        command.clear();
      } else {
        command.add(argument);
      }
    }
  }
}
