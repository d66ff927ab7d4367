package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.Documentation;
import nst.job.manifest.ManifestColumns;
import nst.job.table.Tables;
import nst.model.Knob;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Compares the columns of the tables with docs/outputs.md. */
class TablesDocumentationTest {
  private static final String MANIFEST = "docs/manifest.md";
  private static final String OUTPUTS = "docs/outputs.md";

  /** The row for all knobs in the documented table of metrics. */
  private static final String ALL_KNOBS = "precision";

  @Test
  void everyManifestColumnIsDescribed() {
    List<String> images =
        Documentation.names(
            Documentation.rows(Documentation.section(MANIFEST, "## Columns for the images")));
    List<String> knobs =
        Documentation.names(Documentation.rows(Documentation.made(MANIFEST, "knobs")));
    assertThat(Stream.concat(images.stream(), knobs.stream()))
        .as("columns in %s", MANIFEST)
        .containsExactlyElementsOf(ManifestColumns.columns());
  }

  @Test
  void everyMetricsColumnIsDescribed() {
    List<List<String>> rows = Documentation.rows(Documentation.section(OUTPUTS, "## metrics"));
    assertThat(rows.stream().map(row -> row.get(0)))
        .as("the row that stands for the knobs")
        .contains("every knob but `" + ALL_KNOBS + "`");
    List<String> described =
        rows.stream()
            .filter(row -> !row.get(0).startsWith("every knob"))
            .flatMap(row -> Documentation.code(row.get(0)).stream())
            .toList();
    TreeSet<String> knobs =
        Tables.knobs().stream().map(Knob::key).collect(Collectors.toCollection(TreeSet::new));
    assertThat(described)
        .as("columns of metrics in %s", OUTPUTS)
        .containsExactlyElementsOf(
            Tables.metrics().stream().filter(column -> !knobs.contains(column)).toList());
    assertThat(knobs).as("knobs that metrics holds").doesNotContain(ALL_KNOBS);
  }

  @Test
  void everyLossColumnIsDescribed() {
    assertDescribed("## loss", Tables.LOSS);
  }

  @Test
  void everyPlanColumnIsDescribed() {
    assertDescribed("## plan", Tables.PLAN);
  }

  private static void assertDescribed(String heading, StructType table) {
    assertThat(Documentation.names(Documentation.rows(Documentation.section(OUTPUTS, heading))))
        .as("columns of %s in %s", heading, OUTPUTS)
        .containsExactlyElementsOf(Arrays.asList(table.fieldNames()));
  }
}
