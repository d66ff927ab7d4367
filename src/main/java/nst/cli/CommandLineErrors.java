package nst.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.text.NearestName;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All errors of a command line. The parser of picocli stops at the first error, and it reports a
 * missing option before a mistyped one, although the second often explains the first. This class
 * parses the arguments again and collects the errors: unknown commands and options first, then
 * invalid values, then what is missing.
 */
final class CommandLineErrors {
  private static final String WHERE = "command line";

  private final CommandLine main;
  private final String[] arguments;
  private final Problems unknown = new Problems();
  private final Problems invalid = new Problems();
  private final Problems missing = new Problems();

  private CommandLineErrors(CommandLine main, String[] arguments) {
    this.main = main;
    this.arguments = arguments;
  }

  /**
   * Collects the errors.
   *
   * @param main a command line that has not parsed anything yet
   * @param first the error at which the parser stopped
   */
  static List<Problem> of(CommandLine main, String[] arguments, ParameterException first) {
    CommandLineErrors errors = new CommandLineErrors(main, arguments);
    errors.collect();
    List<Problem> all =
        Stream.of(errors.unknown, errors.invalid, errors.missing)
            .flatMap(problems -> problems.list().stream())
            .distinct() // the parser reports a missing argument up to twice
            .toList();
    return all.isEmpty() ? List.of(new Problem(WHERE, "", first.getMessage())) : all;
  }

  private void collect() {
    collectErrors(main);
    ParseResult parsed = main.parseArgs(arguments);
    parsed.errors().forEach(error -> add(error, main.getCommandSpec()));
    if (parsed.hasSubcommand() && unknown.isEmpty()) {
      CommandSpec command = parsed.subcommand().commandSpec();
      parsed.subcommand().errors().forEach(error -> add(error, command));
      ((CliCommand) command.userObject()).configuration.resolve(invalid);
    }
  }

  private static void collectErrors(CommandLine command) {
    command.getCommandSpec().parser().collectErrors(true);
    command.getSubcommands().values().forEach(CommandLineErrors::collectErrors);
  }

  private void add(Exception error, CommandSpec command) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      addUnknown(unmatched.getUnmatched(), command);
    } else if (error instanceof MissingParameterException incomplete) {
      incomplete.getMissing().forEach(this::addMissing);
    } else {
      invalid.add(WHERE, "", error.getMessage());
    }
  }

  private void addUnknown(List<String> texts, CommandSpec command) {
    if (command.parent() == null && !texts.get(0).startsWith("-")) {
      addUnknownCommand(texts.get(0)); // the other arguments would be those of the command
      return;
    }
    boolean afterOption = false;
    for (String text : texts) {
      boolean option = text.startsWith("-") && text.length() > 1;
      if (option) {
        addUnknownOption(text, command);
      } else if (!afterOption) { // what follows an unknown option is probably its value
        unknown.add(WHERE, "", "Unexpected argument `" + text + "`. " + expected(command));
      }
      afterOption = option && !text.contains("=");
    }
  }

  private void addUnknownCommand(String text) {
    Set<String> commands = main.getSubcommands().keySet();
    String advice =
        NearestName.ofFew(text, commands)
            .map(near -> "Did you mean `" + near + "`?")
            .orElseGet(
                () ->
                    isFile(text)
                        ? "It is a file; a command comes first, for example `stylize` for a photo"
                            + " or `run` for a manifest."
                        : "The commands are " + String.join(", ", commands) + ".");
    unknown.add(WHERE, "", "Unknown command `" + text + "`. " + advice);
  }

  private static boolean isFile(String text) {
    try {
      return Files.isRegularFile(Path.of(text));
    } catch (InvalidPathException e) {
      return false; // not a name that a file can have
    }
  }

  private void addUnknownOption(String text, CommandSpec command) {
    String name = text.split("=", 2)[0];
    Map<String, OptionSpec> options = command.optionsMap();
    String advice =
        NearestName.of(name, options.keySet())
            .map(near -> "Did you mean `" + near + "`?")
            .orElse("`" + command.qualifiedName() + " --help-all` lists the options.");
    unknown.add(WHERE, "", "Unknown option `" + name + "`. " + advice);
  }

  /** Names the arguments without a name that the command has. */
  private static String expected(CommandSpec command) {
    String labels =
        command.positionalParameters().stream()
            .map(ArgSpec::paramLabel)
            .collect(Collectors.joining(" "));
    return labels.isEmpty()
        ? "`" + command.name() + "` has only options."
        : "`" + command.name() + "` expects only " + labels + " and options.";
  }

  private void addMissing(ArgSpec argument) {
    if (argument instanceof OptionSpec option) {
      missing.add(WHERE, option.longestName(), "expected " + option.paramLabel() + ", was missing");
    } else {
      missing.add(WHERE, argument.paramLabel(), "was missing: " + argument.description()[0]);
    }
  }
}
