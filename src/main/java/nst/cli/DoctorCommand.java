package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.cli.terminal.Console;
import nst.job.Diagnostics;
import nst.job.Diagnostics.Finding;
import nst.model.RunConfig;
import nst.record.ExitCode;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: checks this machine and cluster, and says how to fix what is wrong. */
@Command(
    name = "doctor",
    description =
        "Checks JDK, device, native libraries, weights and storage, and says what to do. Exit code 4 if a check fails.",
    sortOptions = false)
final class DoctorCommand extends CliCommand {
  @Option(
      names = "--output",
      paramLabel = "URI",
      description = "check this output folder: a test object is written there and removed")
  Optional<String> output = Optional.empty();

  @Override
  public Integer call() {
    RunConfig config = config();
    Optional<String> folder = output.map(typed -> UserUri.absolute("--output", typed));
    List<Finding> findings =
        inSpark("doctor", session -> new ArrayList<>(Diagnostics.of(session, config, folder)));
    boolean broken =
        findings.stream().anyMatch(finding -> finding.health() == Diagnostics.Health.BROKEN);
    if (json) {
      ObjectNode node = Console.object().put("healthy", !broken);
      var list = node.putArray("findings");
      findings.forEach(
          finding ->
              list.addObject()
                  .put("what", finding.what())
                  .put("health", finding.health().name().toLowerCase(java.util.Locale.ROOT))
                  .put("found", finding.found())
                  .put("advice", finding.advice()));
      console().json(node);
    } else {
      findings.forEach(DoctorCommand::show);
    }
    return broken ? ExitCode.TRY_AGAIN.code() : ExitCode.OK.code();
  }

  private static void show(Finding finding) {
    System.out.printf(
        "%-7s %-10s %s%n",
        finding.health().name().toLowerCase(java.util.Locale.ROOT),
        finding.what(),
        finding.found());
    if (!finding.advice().isEmpty()) {
      System.out.printf("%-18s -> %s%n", "", finding.advice().replace("\n", "\n" + " ".repeat(22)));
    }
  }
}
