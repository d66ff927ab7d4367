package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import nst.job.Forecast;
import nst.model.RunConfig;
import nst.storage.Uris;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plan}: what a run would do and cost. */
@Command(
    name = "plan",
    description = "Validates everything and predicts device hours and money. Takes no device.",
    sortOptions = false)
final class PlanCommand extends CliCommand {
  @Parameters(paramLabel = "MANIFEST", description = "Parquet table, one row an image")
  String manifest;

  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "where the run would write; what is done there is not planned again")
  String output;

  @Override
  public Integer call() {
    RunConfig config = config();
    Forecast forecast =
        inSpark(
            "plan",
            session ->
                Forecast.of(session, Uris.absolute(manifest), Uris.absolute(output), config));
    if (json) {
      console().json(object(forecast));
    }
    Map<String, String> table = new LinkedHashMap<>();
    forecast.rows().forEach((status, rows) -> table.put("rows " + status, rows.toString()));
    table.put("device-hours", String.format(Locale.ROOT, "%.3f", forecast.deviceHours()));
    table.put("cost", String.format(Locale.ROOT, "%.2f", forecast.cost()));
    table.put("devices", Integer.toString(forecast.devices()));
    table.put("hours until done", String.format(Locale.ROOT, "%.3f", forecast.makespanHours()));
    if (!forecast.refused().isEmpty()) {
      table.put("refused", forecast.refused() + "; 'validate' names the rows");
    }
    console().say(table);
    return Main.OK;
  }

  private static ObjectNode object(Forecast forecast) {
    ObjectNode node = Console.object();
    ObjectNode rows = node.putObject("rows");
    forecast.rows().forEach(rows::put);
    node.put("device_hours", forecast.deviceHours());
    node.put("cost", forecast.cost());
    node.put("devices", forecast.devices());
    node.put("makespan_hours", forecast.makespanHours());
    var refused = node.putArray("refused");
    forecast
        .refused()
        .forEach((code, count) -> refused.addObject().put("code", code).put("rows", count));
    return node;
  }
}
