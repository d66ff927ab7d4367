package nst.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import nst.cli.sweep.HalvingPlan.RungPlan;
import nst.job.Forecast;
import nst.job.cost.BatchSchedule;
import nst.job.halving.Rung;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvingPlanTest {
  /** The rows of a rung of 27 of 81 points. */
  @ParameterizedTest
  @CsvSource({"81, 0.333", "54, 0", "61, 0.115", "0, 0"})
  void rowsThatAreDoneAreNotCounted(long planned, double expected) {
    assertThat(HalvingPlan.share(27, Map.of("total", 81L, "planned", planned)))
        .isBetween(expected - 0.001, expected + 0.001);
  }

  @Test
  void theHoursOfTheRungsAreComparedWithThoseOfTheGrid() {
    Forecast grid =
        new Forecast(
            Map.of("total", 81L, "planned", 81L),
            8.1,
            16.2,
            2,
            4.5,
            Map.of(),
            new Forecast.Costs("file:/costs", 0, 0, Map.of()),
            List.of(),
            new BatchSchedule(List.of(), 0));
    List<Rung> rungs = Rung.of(81);
    HalvingPlan plan =
        new HalvingPlan(
            List.of(
                new RungPlan(rungs.get(0), "256", "8 steps", 81, 0.5, 1, 0.3),
                new RungPlan(rungs.get(1), "362", "15 steps", 27, 0.6, 1.2, 0.3),
                new RungPlan(rungs.get(2), "512", "30 steps", 9, 0.9, 1.8, 0.5)),
            grid);
    assertThat(plan.lines())
        .containsEntry("rows", "117 in 3 rungs, 81 in the full grid")
        .containsEntry(
            "rung 2", "27 points, 362 px, 15 steps: 27 rows, 0.600 device-hours, cost 1.20")
        .containsEntry("device-hours", "2.000, full grid 8.100")
        .containsEntry("cost", "4.00, full grid 16.20")
        .containsEntry("hours until done", "1.100, full grid 4.500");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    plan.addTo(json);
    assertThat(json.get("device_hours").asDouble()).isBetween(1.99, 2.01);
    assertThat(json.get("rungs")).hasSize(3);
    assertThat(json.get("rungs").get(2).toString())
        .isEqualTo("{\"rung\":3,\"points\":9,\"rows\":9,\"device_hours\":0.9,\"cost\":1.8}");
  }
}
