package nst.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import nst.cli.config.ConfigurationOptions;
import nst.cli.terminal.Console;
import nst.cli.terminal.Terminal;
import nst.files.InputFiles;
import nst.job.executor.JobFailedException;
import nst.job.source.PhotoAsManifest;
import nst.job.source.TableFormat;
import nst.model.Causes;
import nst.model.InvalidInputException;
import nst.model.Redactor;
import nst.model.TransferException;
import nst.record.ExitCode;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;

/** The program: its commands, and the exit codes and messages for each way they can end. */
@Command(
    name = "nst",
    description = "Stylises photo catalogues with Gatys' neural style transfer on Apache Spark.",
    subcommands = {
      StylizeCommand.class,
      RunCommand.class,
      PlanCommand.class,
      ValidateCommand.class,
      SweepCommand.class,
      TrainCommand.class,
      WeightsCommand.class,
      VerifyCommand.class,
      PublishCommand.class,
      ReportCommand.class,
      DoctorCommand.class,
      PresetsCommand.class,
      CompletionCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Exit codes: 0 success; 2 invalid input or configuration, nothing was started; 3 finished, but more rows failed than"
          + " allowed; 4 the job could not continue, run it again; 143 ended by SIGTERM."
    })
public final class Main implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return nst.job.Versions.all().entrySet().stream()
          .map(entry -> entry.getKey() + " " + entry.getValue())
          .toArray(String[]::new);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, was none");
  }

  /** Whether the process is shutting down. Errors from then on are not reported as failures. */
  private static volatile boolean ending;

  /** How long the end of the process may wait for the command's last message. */
  private static final long LAST_MESSAGE_SECONDS = 2;

  public static void main(String[] args) {
    CountDownLatch over = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(over), "ending"));
    int code = commandLineFor(args).execute(args);
    over.countDown();
    System.exit(code);
  }

  /** Waits for the message that a command prints when a signal ends it. */
  private static void end(CountDownLatch over) {
    ending = true;
    try {
      boolean unused = over.await(LAST_MESSAGE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The complete command line with every flag. */
  static CommandLine commandLine() {
    return commandLine(ConfigurationOptions.Help.SHORT, command -> true);
  }

  /**
   * The command line for these arguments. Only the command that they name has the flags of knobs
   * and settings, because those of all commands would delay every start; {@code completion} prints
   * them all.
   */
  static CommandLine commandLineFor(String... args) {
    List<String> words = List.of(args);
    return words.contains("completion")
        ? commandLine()
        : commandLine(ConfigurationOptions.Help.SHORT, words::contains);
  }

  /**
   * The command line.
   *
   * @param help which flags its help shows
   * @param hasFlags whether a command has the flags of knobs and settings
   */
  private static CommandLine commandLine(
      ConfigurationOptions.Help help, Predicate<String> hasFlags) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine
        .getSubcommands()
        .forEach(
            (name, subcommand) -> {
              if (hasFlags.test(name)
                  && subcommand.getCommandSpec().mixins().containsKey(CliCommand.CONFIGURATION)) {
                CliCommand command = subcommand.getCommand();
                ConfigurationOptions.addFlags(
                    subcommand.getCommandSpec(), help, command::uses, command.frequent());
              }
              subcommand.getCommandSpec().usageMessage().abbreviateSynopsis(true);
            });
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setColorScheme(Help.defaultColorScheme(Terminal.OUT.ansi()));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(Main::misused);
    commandLine.setExecutionStrategy(Main::runLast);
    commandLine.setExecutionExceptionHandler(endings());
    return commandLine;
  }

  /**
   * Handles an {@link Error}, usually an OutOfMemoryError, like any other failure: with a message
   * and an exit code.
   */
  private static int runLast(CommandLine.ParseResult parsed) {
    if (parsed.hasSubcommand() && parsed.originalArgs().contains(CliCommand.HELP_ALL)) {
      CommandLine command = parsed.commandSpec().commandLine();
      String name = parsed.subcommand().commandSpec().name();
      commandLine(ConfigurationOptions.Help.ALL, name::equals)
          .getSubcommands()
          .get(name)
          .usage(command.getOut(), command.getColorScheme());
      return ExitCode.OK.code();
    }
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) {
      throw new CommandLine.ExecutionException(
          parsed.commandSpec().commandLine(), "ended by an error", e);
    }
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    boolean json = List.of(args).contains("--json");
    new Console(json ? Console.Form.JSON : Console.Form.WORDS)
        .problems(CommandLineErrors.of(commandLineFor(args), args, e));
    photoAdvice(command.getCommandName(), args)
        .ifPresent(advice -> command.getErr().println(advice));
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.INVALID.code();
  }

  /** The advice if a photo is given to a command that reads a manifest. */
  private static Optional<String> photoAdvice(String command, String[] args) {
    if (!List.of("run", "plan", "validate").contains(command)) {
      return Optional.empty();
    }
    return IntStream.range(1, args.length)
        .filter(i -> !args[i - 1].startsWith("--")) // the value of an option, such as a style
        .mapToObj(i -> args[i])
        .flatMap(
            typed ->
                InputFiles.head(typed)
                    .flatMap(head -> PhotoAsManifest.advice(head, typed))
                    .map(advice -> typed + ": " + TableFormat.EXPECTED + ", but " + advice)
                    .stream())
        .findFirst();
  }

  /** Maps each kind of failure to a message and an exit code. Stack traces go to the log. */
  private static IExecutionExceptionHandler endings() {
    return (exception, command, parsed) -> {
      CommandLine last =
          parsed.hasSubcommand() ? parsed.subcommand().commandSpec().commandLine() : command;
      CliCommand ended = last.getCommand();
      Console console = ended.console();
      Optional<InvalidInputException> invalid = invalidInput(exception);
      if (invalid.isPresent()) {
        console.problems(invalid.get().problems());
        return ExitCode.INVALID.code();
      }
      // Not a constant of the class, because starting Log4j would delay --help.
      LoggerFactory.getLogger(Main.class)
          .error("{} ended: {}", command.getCommandName(), Redactor.stackTrace(exception));
      if (ending) {
        console.failure("Ended by a signal.", ended.afterFailure());
        return ExitCode.TRY_AGAIN.code(); // has no effect: the JVM exits with 143 for SIGTERM
      }
      String message =
          exception instanceof JobFailedException || exception instanceof TransferException
              ? exception.getMessage()
              : "The command failed: " + Causes.message(exception);
      console.failure(message, ended.afterFailure());
      return ExitCode.TRY_AGAIN.code();
    };
  }

  /** Searches the causes, because Spark and the JVM wrap exceptions from their threads. */
  private static Optional<InvalidInputException> invalidInput(Throwable thrown) {
    return Causes.chain(thrown)
        .filter(InvalidInputException.class::isInstance)
        .map(InvalidInputException.class::cast)
        .findFirst();
  }
}
