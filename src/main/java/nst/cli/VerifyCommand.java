package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import nst.cli.terminal.Console;
import nst.job.Verification;
import nst.record.ExitCode;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verify}: compares the tables with the images. */
@Command(
    name = "verify",
    description =
        "Compares the tables with the images and lists missing, altered and orphaned images. Exits with code 3 if any are missing or altered.",
    sortOptions = false)
final class VerifyCommand extends CliCommand {
  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "the output folder")
  String output;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description =
          "only this run; orphans are reported only without this option (default: all runs)")
  Optional<String> runId = Optional.empty();

  @Override
  public Integer call() {
    config();
    String folder = UserUri.absolute("--output", output);
    Verification verification =
        inSpark("verify", session -> Verification.of(session, folder, runId));
    if (json) {
      ObjectNode node = Console.object().put("checked", verification.checked());
      for (Verification.Kind kind : Verification.Kind.values()) {
        String name = kind.name().toLowerCase(Locale.ROOT);
        node.put(name, verification.counts().getOrDefault(name, 0L));
      }
      var findings = node.putArray("findings");
      verification
          .findings()
          .forEach(
              finding ->
                  findings
                      .addObject()
                      .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
                      .put("key", finding.key())
                      .put("uri", finding.uri()));
      console().json(node);
    }
    console()
        .say(
            verification.checked()
                + " images checked"
                + (verification.counts().isEmpty()
                    ? ", no problems found"
                    : ": " + verification.counts()));
    verification
        .findings()
        .forEach(
            finding ->
                console()
                    .say(
                        "  "
                            + finding.kind().name().toLowerCase(Locale.ROOT)
                            + " "
                            + finding.key()
                            + " "
                            + finding.uri()));
    return verification.holds() ? ExitCode.OK.code() : ExitCode.TOO_MANY_FAILED.code();
  }
}
