package nst.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nst.job.PlannedManifest;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.cost.BatchSchedule;
import nst.job.manifest.ManifestTest;
import nst.job.table.RowTable;
import nst.model.RunConfig;
import nst.model.Setting;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PlannerTest {
  @TempDir Path folder;
  @TempDir Path output;

  @Test
  void theFirstOfEqualRowsIsComputedAndTheOthersReferToIt() {
    List<Row> plan =
        plan(
            new TestCatalogue(folder)
                .row("a", "c.png", "s.png")
                .row("b", "c.png", "s.png")
                .row("c", "d.png", "s.png"));
    assertThat(statuses(plan)).isEqualTo(Map.of("a", "PLANNED", "b", "DUPLICATE", "c", "PLANNED"));
    assertThat(plan.get(1).<String>getAs("key")).isEqualTo(plan.get(0).getAs("key"));
  }

  @Test
  void anIdThatAsksForTwoThingsFailsTheSecond() {
    List<Row> plan =
        plan(
            new TestCatalogue(folder)
                .row("a", "c.png", "s.png")
                .row("a", "d.png", "s.png")
                .row("a", "c.png", "s.png"));
    assertThat(plan)
        .extracting(row -> row.<String>getAs("status"))
        .containsExactly("PLANNED", "FAILED", "DUPLICATE");
    assertThat(plan.get(1).<String>getAs("error_code")).isEqualTo("DUPLICATE_ID");
    assertThat(plan.get(1).<String>getAs("error_message")).contains("row 0 has the same id");
  }

  @Test
  void anInvalidRowFailsWithoutTheOthersAndKeepsItsNumber() {
    List<Row> plan =
        plan(
            new TestCatalogue(folder)
                .column("content_weight", DataTypes.DoubleType)
                .row("a", "c.png", "s.png", -1.0)
                .row("b", null, "s.png", 1.0)
                .row("c", "c.png", "s.png", 1.0));
    assertThat(statuses(plan)).isEqualTo(Map.of("a", "FAILED", "b", "FAILED", "c", "PLANNED"));
  }

  @Test
  void anImageThatExceedsTheMemoryIsRefused() {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .column("image_size", DataTypes.IntegerType)
            .row("small", "c.png", "s.png", 256)
            .row("huge", "c.png", "s.png", 8192);
    List<Row> plan =
        plan(catalogue, ManifestTest.config(Map.of(), Map.of(Setting.MEMORY_MB, 4096L)));
    assertThat(statuses(plan)).isEqualTo(Map.of("small", "PLANNED", "huge", "FAILED"));
    assertThat(plan.get(1).<String>getAs("error_code")).isEqualTo("IMAGE_TOO_LARGE");
    assertThat(plan.get(1).<String>getAs("error_message"))
        .startsWith("Invalid image_size in row id=huge: expected a size that needs")
        .contains("at most 4.3 GB (limits.memory_mb), was 8192: 8192 x 6144 px need about");
  }

  @Test
  void aPrecisionThatTheDeviceLacksIsRefusedByThePlan() {
    List<Row> plan =
        plan(
            new TestCatalogue(folder)
                .column("precision", DataTypes.StringType)
                .row("a", "c.png", "s.png", "float16"));
    assertThat(plan.get(0).<String>getAs("error_message"))
        .startsWith("Invalid precision in row id=a: expected auto, float32 or bfloat16");
  }

  @Test
  void whatIsThereIsSkipped() throws java.io.IOException {
    TestCatalogue catalogue =
        new TestCatalogue(folder).row("a", "c.png", "s.png").row("b", "d.png", "s.png");
    Row first = plan(catalogue).get(0);
    Path image = Path.of(first.<String>getAs("output_uri").substring("file:".length()));
    Files.createDirectories(image.getParent());
    Files.write(image, new byte[1]);
    assertThat(statuses(plan(catalogue))).isEqualTo(Map.of("a", "SKIPPED", "b", "PLANNED"));
    Dataset<Row> listed = PlannedManifest.existing(PlannedManifest.layout(output)).listed();
    assertThat(listed.collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(first.<String>getAs("key"));
  }

  /** The plan of few rows is made in the driver, by other code. */
  @Test
  void theDriverPlansFewRowsAsSparkDoes() throws java.io.IOException {
    Random random = new Random(7);
    TestCatalogue catalogue =
        new TestCatalogue(folder).column("content_weight", DataTypes.DoubleType);
    for (int i = 0; i < 120; i++) {
      String content = random.nextInt(10) == 0 ? null : "c" + random.nextInt(20) + ".png";
      double weight = random.nextInt(10) == 0 ? -1 : 1 + random.nextInt(2);
      catalogue.row("r" + random.nextInt(60), content, "s" + random.nextInt(3) + ".png", weight);
    }
    for (int i = 0; i < 2; i++) { // then some images exist
      List<Row> driver = plan(catalogue);
      TestSpark.spark().conf().set(RowTable.LIMIT, 0);
      List<Row> spark = plan(catalogue);
      TestSpark.spark().conf().unset(RowTable.LIMIT);
      assertThat(withoutBatch(driver)).isEqualTo(withoutBatch(spark));
      assertThat(driver)
          .extracting(row -> row.<String>getAs("status"))
          .contains("PLANNED", "FAILED", "DUPLICATE")
          .filteredOn("SKIPPED"::equals)
          .hasSizeGreaterThan(i - 1);
      assertThat(driver)
          .allSatisfy(
              row ->
                  assertThat(row.isNullAt(row.fieldIndex("batch")))
                      .isNotEqualTo(row.getAs("status").equals("PLANNED")));
      for (Row row : driver.subList(0, 40)) {
        if (row.getAs("status").equals("PLANNED")) {
          Path image = Path.of(row.<String>getAs("output_uri").substring("file:".length()));
          Files.createDirectories(image.getParent());
          Files.write(image, new byte[1]);
        }
      }
    }
  }

  private static List<String> withoutBatch(List<Row> plan) {
    return plan.stream()
        .map(
            row ->
                Arrays.stream(row.schema().fieldNames())
                    .filter(name -> !name.equals("batch"))
                    .map(name -> name + "=" + row.getAs(name))
                    .toList()
                    .toString())
        .toList();
  }

  @Test
  void theUsersOwnColumnsAreCarriedThrough() {
    List<Row> plan =
        plan(
            new TestCatalogue(folder)
                .column("album", DataTypes.StringType)
                .column("taken", DataTypes.DateType)
                .row("a", "c.png", "s.png", "summer", java.sql.Date.valueOf("2026-01-02")));
    assertThat(plan.get(0).<String>getAs("album")).isEqualTo("summer");
    assertThat(plan.get(0).<java.sql.Date>getAs("taken"))
        .isEqualTo(java.sql.Date.valueOf("2026-01-02"));
  }

  @Test
  void everyPlannedRowHasABatchAndStylesStayTogether() {
    TestCatalogue catalogue = new TestCatalogue(folder);
    for (int i = 0; i < 200; i++) {
      catalogue.row("r" + i, "c" + i + ".png", "s" + i % 3 + ".png");
    }
    List<Row> plan = plan(catalogue);
    assertThat(plan).noneMatch(row -> row.isNullAt(row.fieldIndex("batch")));
    Map<Long, List<String>> groups =
        plan.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.<Long>getAs("batch"),
                    TreeMap::new,
                    Collectors.mapping(
                        row -> row.<String>getAs("style_group"), Collectors.toList())));
    assertThat(groups.size()).isBetween(32, 200);
    long mixed =
        groups.values().stream().filter(group -> group.stream().distinct().count() > 1).count();
    assertThat(mixed).isLessThanOrEqualTo(4);
  }

  @Test
  void lengthsOfBatchesAreFairToManyDevices() {
    RunConfig config = ManifestTest.config();
    assertThat(Planner.batchSeconds(config, 3200, 1)).isEqualTo(100);
    assertThat(Planner.batchSeconds(config, 1e6, 10)).isEqualTo(300); // as configured
    assertThat(Planner.batchSeconds(config, 1e9, 512))
        .isEqualTo(1e9 / 50_000); // the number of tasks is limited
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 512})
  void aSkewedCatalogueKeepsEveryDeviceBusy(int devices) {
    Random random = new Random(1);
    double[] costs =
        new double[200_000]; // log-normal sizes, one row in twenty ten times as expensive
    for (int i = 0; i < costs.length; i++) {
      costs[i] = 10 * Math.exp(0.8 * random.nextGaussian()) * (i % 20 == 0 ? 10 : 1);
    }
    double ideal = Arrays.stream(costs).sum() / devices;
    List<Double> batches =
        FleetBatches.of(costs, devices, ManifestTest.config()).stream()
            .map(batch -> Arrays.stream(batch).sum())
            .toList();
    assertThat(new BatchSchedule(batches, 0).makespan(devices) / ideal).isBetween(1.0, 1.05);
  }

  private List<Row> plan(TestCatalogue catalogue) {
    return plan(catalogue, ManifestTest.config());
  }

  private List<Row> plan(TestCatalogue catalogue, RunConfig config) {
    return PlannedManifest.of(catalogue.write(), output, config).rows();
  }

  private static Map<String, String> statuses(List<Row> plan) {
    Map<String, String> statuses = new TreeMap<>();
    plan.forEach(row -> statuses.put(row.getAs("id"), row.getAs("status")));
    return statuses;
  }
}
