package nst.cli.terminal;

import picocli.CommandLine.Help.Ansi;

/** Standard output and standard error, which may each be a terminal. */
public enum Terminal {
  OUT("nst.terminal.out"),
  ERR("nst.terminal");

  private final String property;

  Terminal(String property) {
    this.property = property;
  }

  /**
   * Whether the stream is a terminal. submit.sh passes this on as a system property, because a JVM
   * cannot tell for each stream.
   */
  public boolean isTerminal() {
    return Boolean.getBoolean(property);
  }

  /** Whether text may be coloured: on a terminal, unless the user sets NO_COLOR (no-color.org). */
  public Ansi ansi() {
    String refused = System.getenv("NO_COLOR");
    return isTerminal() && (refused == null || refused.isEmpty()) ? Ansi.ON : Ansi.OFF;
  }
}
