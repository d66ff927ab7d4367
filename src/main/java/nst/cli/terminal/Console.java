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
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** The program's output: text on both streams, or one JSON object or image on standard output. */
public final class Console {
  /** The format of standard output. */
  public enum Form {
    WORDS,
    JSON,
    /** Standard output carries the bytes of an image, so all text goes to standard error. */
    IMAGE
  }

  /** The widest column of names. An id of a row may be longer than a line. */
  private static final int WIDEST = 40;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

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

  /**
   * Prints names and values in aligned columns, to the same stream as {@link #say(String)}. Long
   * values are not broken into lines, because they may be commands and paths, which are copied.
   */
  public void say(Map<String, String> values) {
    int widest =
        Math.min(WIDEST, values.keySet().stream().mapToInt(String::length).max().orElse(0));
    String nextLine = "\n" + " ".repeat(widest + 4);
    values.forEach(
        (name, value) ->
            say(
                "  "
                    + name
                    + " ".repeat(Math.max(0, widest - name.length()) + 2)
                    + value.replace("\n", nextLine)));
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
