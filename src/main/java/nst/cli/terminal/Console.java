package nst.cli.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import nst.model.Problems.Problem;
import nst.model.Redactor;
import nst.model.text.Counts;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** The program's output: text on both streams, or one JSON object or image on standard output. */
public final class Console {
  /** The format of standard output. */
  public enum Form {
    WORDS,
    JSON,
    /** Standard output carries the bytes of an image, so all text goes to standard error. */
    IMAGE
  }

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int WIDTH = 160;

  private final Form form;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  /** Creates a console that writes to the streams of the process. */
  public Console(Form form) {
    this.form = form;
  }

  /** Prints a line of text: to standard output if text is the answer, or to standard error. */
  public void say(String words) {
    (form == Form.WORDS ? out : err).println(Redactor.of(words));
  }

  /** Prints names and values in aligned columns, to the same stream as {@link #say(String)}. */
  public void say(Map<String, String> values) {
    int widest = values.keySet().stream().mapToInt(String::length).max().orElse(0);
    TextTable table =
        TextTable.forColumns(
            Help.defaultColorScheme(Ansi.OFF),
            new Column(widest + 3, 2, Overflow.SPAN),
            new Column(WIDTH - widest - 3, 1, Overflow.WRAP));
    values.forEach((name, value) -> table.addRowValues(name, Redactor.of(value)));
    say(table.toString().stripTrailing());
  }

  /** Prints the command's answer as JSON. */
  public void json(ObjectNode node) {
    try {
      out.println(JSON.writeValueAsString(node));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text and numbers can always be written", e);
    }
  }

  /** Prints the command's answer, which is already JSON. */
  public void json(String text) {
    out.println(text);
  }

  /** An empty JSON object for {@link #json(ObjectNode)}. */
  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** A JSON object for {@link #json(ObjectNode)}, from the text of a record. */
  public static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected a JSON object", e);
    }
  }

  /** Reports all faults of the user's input. */
  public void problems(List<Problem> problems) {
    if (form == Form.JSON) {
      ObjectNode node = object();
      addProblems(node, problems);
      json(node);
    }
    err.println(error(Counts.of(problems.size(), "problem") + ":"));
    err.print(list(problems));
  }

  /** Formats problems as an indented list. */
  private static String list(List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    problems.forEach(problem -> text.append("  ").append(problem).append('\n'));
    return text.toString();
  }

  /** Adds the faults to an object as the list {@code problems}. */
  public static void addProblems(ObjectNode node, List<Problem> problems) {
    var list = node.putArray("problems");
    problems.forEach(
        problem ->
            list.addObject()
                .put("where", problem.where())
                .put("column", problem.column())
                .put("message", problem.message()));
  }

  /**
   * Reports that the command could not continue.
   *
   * @param advice what to do after reading the log
   */
  public void failure(String words, String advice) {
    stopped(words);
    err.println("See " + logFile() + " for details. " + advice);
  }

  /** Reports that the command failed. */
  public void stopped(String words) {
    String message = Redactor.of(words);
    if (form == Form.JSON) {
      json(object().put("error", message));
    }
    err.println(error(message));
  }

  /** Text in the colour of errors. */
  private static String error(String text) {
    Ansi ansi = Terminal.ERR.ansi();
    return ansi.enabled() ? Style.on(Style.fg_red) + text + Style.off(Style.fg_red) : text;
  }

  private static String logFile() {
    String folder = System.getenv("NST_LOG_DIR");
    return (folder == null ? "logs" : folder) + "/nst.log";
  }
}
