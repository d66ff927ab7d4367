package nst.model.text;

/** Words of a command line that a user can copy into a shell. */
public final class ShellWord {
  private ShellWord() {}

  /** Puts a word between single quotes if a POSIX shell would change it or split it. */
  public static String quoted(String word) {
    return word.matches("[\\w./:,=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
