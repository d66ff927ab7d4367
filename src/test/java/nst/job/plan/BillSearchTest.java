package nst.job.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import nst.job.PlannedManifest;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.cost.Amortization.Choice;
import nst.job.cost.Amortization.Network;
import nst.job.cost.CostModel;
import nst.job.manifest.ManifestTest;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.knob.OptimizerChoices.Init;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class BillSearchTest {
  @TempDir Path folder;
  @TempDir Path output;

  private final RunConfig config = ManifestTest.config();

  @Test
  void rowsAreGroupedByStylesAndObjectiveAndThoseThatSetTheirStartAreNot() throws Exception {
    Path manifest =
        new TestCatalogue(folder)
            .column("init", DataTypes.StringType)
            .column("content_weight", DataTypes.DoubleType)
            .column("image_size", DataTypes.IntegerType)
            .column("mask", DataTypes.StringType)
            .row("1", "c1.png", "a.png", null, null, null)
            .row("2", "c2.png", "a.png", null, null, 256)
            .row("3", "c2.png", "a.png", null, null, 256)
            .row("other style", "c1.png", "b.png")
            .row("other objective", "c1.png", "a.png", null, 9.0)
            .row("its own start", "c1.png", "a.png", "content")
            .row("a network", "c1.png", "a.png", "network")
            .row("a mask", "c1.png", "a.png", null, null, null, "m.png")
            .row("a fault", "c1.png", null)
            .write();

    List<GroupBill> bills = bills(manifest);

    assertThat(bills).hasSize(3);
    GroupBill first = bills.get(0);
    assertThat(first.first().id()).isEqualTo("1");
    assertThat(first.costs().rows()).as("2 and 3 are one picture").isEqualTo(2);
    assertThat(first.costs().photos()).isEqualTo(2);
    assertThat(first.costs().network()).isEqualTo(Network.NONE);
    assertThat(first.costs().applySeconds()).isLessThan(first.costs().optimizeSeconds());
    assertThat(first.costs().choice()).isEqualTo(Choice.OPTIMIZE);

    List<Row> rows = PlannedManifest.of(manifest, output).rows();
    write(rows.get(0));
    double before = first.costs().optimizeSeconds();
    assertThat(bills(manifest).get(0).costs().optimizeSeconds())
        .as("a picture that exists costs nothing")
        .isCloseTo(before - rows.get(0).<Double>getAs("predicted_seconds"), within(1e-6));

    assertThat(
            planner(withInit())
                .bills(PlannedManifest.open(manifest), ManifestTest.NETWORKS, images()))
        .as("the configuration sets the start of all rows")
        .isEmpty();
  }

  @Test
  void rowsOfAGroupWithANetworkRefineItsPicture() {
    Path manifest =
        new TestCatalogue(folder)
            .column("init", DataTypes.StringType)
            .row("1", "c1.png", "a.png", null)
            .row("own", "c1.png", "a.png", "content")
            .write();
    Map<String, String> networks = Map.of(bills(manifest).get(0).id(), "file:/n.safetensors");

    List<Row> plan =
        planner(config)
            .plan(PlannedManifest.open(manifest), ManifestTest.NETWORKS, networks, 2, images())
            .dataset()
            .orderBy("row")
            .collectAsList();

    assertThat(plan.get(0).<String>getAs("request"))
        .contains("\"init\":\"network\"", "\"network\":\"file:/n.safetensors\"")
        .contains("\"num_iterations\":\"6\"", "\"smallest_size\":\"0\"");
    assertThat(plan.get(1).<String>getAs("request")).doesNotContain("network");
  }

  /** The catalogue of issue 16. */
  @Test
  void tenThousandRowsWithFivePaintingsHaveBothBills() {
    TestCatalogue catalogue = new TestCatalogue(folder);
    for (int i = 0; i < 10_000; i++) {
      catalogue.row("r" + i, "photos/" + i + ".jpg", "style" + i % 5 + ".jpg");
    }

    List<GroupBill> bills = bills(catalogue.write());

    assertThat(bills).hasSize(5);
    assertThat(bills)
        .allSatisfy(
            bill -> {
              assertThat(bill.costs().rows()).isEqualTo(2000);
              assertThat(bill.costs().choice()).isEqualTo(Choice.TRAIN);
              assertThat(bill.costs().networkSeconds()).isLessThan(bill.costs().optimizeSeconds());
            });
  }

  private static RunConfig withInit() {
    EnumMap<Setting, Object> settings = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      settings.put(setting, setting.domain().parse(setting.defaultText()));
    }
    return new RunConfig(
        settings, Preset.BALANCED, Map.of(Knob.INIT, Init.CONTENT), Map.of("init", "--init"));
  }

  private static void write(Row row) throws Exception {
    Path image = Path.of(row.<String>getAs("output_uri").substring("file:".length()));
    Files.createDirectories(image.getParent());
    Files.write(image, new byte[] {1});
  }

  private List<GroupBill> bills(Path manifest) {
    return planner(config).bills(PlannedManifest.open(manifest), ManifestTest.NETWORKS, images());
  }

  private Planner planner(RunConfig with) {
    return new Planner(TestSpark.spark(), with, layout(), CostModel.builtIn(Setting.Device.CPU));
  }

  private OutputLayout layout() {
    return PlannedManifest.layout(output);
  }

  private ExistingImages images() {
    return PlannedManifest.existing(layout());
  }
}
