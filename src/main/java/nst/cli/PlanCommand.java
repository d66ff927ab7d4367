package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.cli.option.ManifestArguments;
import nst.cli.terminal.Console;
import nst.job.Forecast;
import nst.job.source.ManifestSource;
import nst.model.RunConfig;
import nst.model.text.Counts;
import nst.record.ExitCode;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan}: predicts what a run would compute and what it would cost. */
@Command(
    name = "plan",
    description = "Validates everything and predicts device hours and cost. Uses no device.",
    sortOptions = false)
final class PlanCommand extends CliCommand {
  @Mixin ManifestArguments rows;

  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "output folder of the run; images that are already there are not counted")
  String output;

  @Option(
      names = "--by",
      paramLabel = "TIME",
      description =
          "also say how many devices finish by then: 06:00, the next one in UTC, or 2026-12-01T06:00+01:00")
  Optional<String> by = Optional.empty();

  @Override
  public Integer call() {
    RunConfig config = config();
    Optional<Deadline> deadline =
        by.map(text -> Deadline.parse(text, OffsetDateTime.now(ZoneOffset.UTC)));
    ManifestSource source = rows.source();
    String folder = UserUri.absolute("--output", output);
    Forecast forecast = inSpark("plan", session -> Forecast.of(session, source, folder, config));
    if (json) {
      ObjectNode node = object(forecast);
      deadline.ifPresent(time -> time.add(forecast.schedule(), node));
      console().json(node);
    }
    Map<String, String> lines = lines(forecast);
    deadline.ifPresent(time -> time.add(forecast.schedule(), lines));
    console().say(lines);
    return ExitCode.OK.code();
  }

  /** What a forecast says, in words. */
  static Map<String, String> lines(Forecast forecast) {
    Map<String, String> lines = new LinkedHashMap<>();
    forecast.rows().forEach((status, rows) -> lines.put("rows " + status, rows.toString()));
    lines.put("device-hours", String.format(Locale.ROOT, "%.3f", forecast.deviceHours()));
    lines.put("cost", String.format(Locale.ROOT, "%.2f", forecast.cost()));
    lines.put("devices", Integer.toString(forecast.devices()));
    lines.put("hours until done", String.format(Locale.ROOT, "%.3f", forecast.makespanHours()));
    lines.put("hours come from", words(forecast.costs()));
    if (!forecast.refused().isEmpty()) {
      lines.put("refused", forecast.refused() + "; run 'validate' to list the rows");
    }
    BillText.add(forecast.bills(), lines);
    return lines;
  }

  private static String words(Forecast.Costs costs) {
    if (costs.shares().isEmpty()) {
      return "nothing to compute";
    }
    if (costs.shares().keySet().equals(Set.of("built_in"))) {
      return "built-in constants, not calibrated for your devices: there are no costs of earlier runs in "
          + Uris.display(costs.folder());
    }
    StringBuilder words = new StringBuilder();
    costs
        .shares()
        .forEach(
            (basis, share) ->
                words.append(
                    String.format(Locale.ROOT, "%.0f %% %s, ", 100 * share, MEANINGS.get(basis))));
    return words
        .append(Counts.of(costs.measuredRows(), "row"))
        .append(" of ")
        .append(Counts.of(costs.runs(), "run"))
        .append(" in ")
        .append(Uris.display(costs.folder()))
        .toString();
  }

  private static final Map<String, String> MEANINGS =
      Map.of(
          "measured", "measured at the same size",
          "scaled", "measured at other sizes",
          "borrowed", "measured with another optimiser",
          "built_in", "not calibrated");

  /** What a forecast says, as JSON. */
  static ObjectNode object(Forecast forecast) {
    ObjectNode node = Console.object();
    ObjectNode rows = node.putObject("rows");
    forecast.rows().forEach(rows::put);
    node.put("device_hours", forecast.deviceHours());
    node.put("cost", forecast.cost());
    node.put("devices", forecast.devices());
    node.put("makespan_hours", forecast.makespanHours());
    ObjectNode costs = node.putObject("costs");
    costs
        .put("folder", forecast.costs().folder())
        .put("runs", forecast.costs().runs())
        .put("measured_rows", forecast.costs().measuredRows());
    ObjectNode shares = costs.putObject("shares");
    forecast.costs().shares().forEach(shares::put);
    BillText.add(forecast.bills(), node.putArray("groups"));
    var refused = node.putArray("refused");
    forecast
        .refused()
        .forEach((code, count) -> refused.addObject().put("code", code).put("rows", count));
    return node;
  }
}
