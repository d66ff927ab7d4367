package nst.cli;

import java.util.Set;
import java.util.concurrent.Callable;
import nst.cli.config.ConfigurationOptions;
import nst.cli.terminal.Console;
import nst.job.executor.Session;
import nst.model.Problems;
import nst.model.RunConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The base of all commands: the configuration options, {@code --json} and {@code --help}. */
abstract class CliCommand implements Callable<Integer> {
  /** The name of the mixin to which {@link Main} adds a flag for every knob and setting. */
  static final String CONFIGURATION = "configuration";

  static final String HELP_ALL = "--help-all";

  @Mixin(name = CONFIGURATION)
  ConfigurationOptions configuration;

  @Option(
      names = "--json",
      description =
          "write one JSON object to standard output and everything else to standard error")
  boolean json;

  // One option, because picocli supports only one that prints help. Main checks which name was
  // used.
  @Option(
      names = {"-h", "--help", HELP_ALL},
      usageHelp = true,
      description =
          "show the most used options, or with --help-all those of all knobs and settings")
  boolean help;

  /** The knobs and settings in the short help. */
  Set<String> frequent() {
    return ConfigurationOptions.FREQUENT;
  }

  /** Whether the command uses this knob or setting. If not, its help does not show the flag. */
  boolean uses(String key) {
    return true;
  }

  /** What to do when the command could not continue. */
  String afterFailure() {
    return "Then run the same command again.";
  }

  Console console() {
    return new Console(json ? Console.Form.JSON : Console.Form.WORDS);
  }

  /**
   * Resolves the configuration.
   *
   * @throws nst.model.InvalidInputException with every fault found
   */
  RunConfig config() {
    Problems problems = new Problems();
    RunConfig config = configuration.resolve(problems);
    problems.throwIfAny();
    return config;
  }

  /** Work that needs Spark. */
  interface SparkWork<T> {
    T in(Session session);
  }

  static <T> T inSpark(String name, SparkWork<T> work) {
    try (Session session = Session.open("nst " + name)) {
      return session.run(work::in);
    }
  }

  /** Work that needs Spark and its executors' devices. */
  static <T> T onDevices(String name, RunConfig config, SparkWork<T> work) {
    try (Session session = Session.withDevices("nst " + name, config)) {
      return session.run(work::in);
    }
  }
}
