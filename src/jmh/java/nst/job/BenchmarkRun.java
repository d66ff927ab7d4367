package nst.job;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import nst.job.executor.Session;
import nst.job.table.Columns;
import nst.job.table.MetricsTable;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** Starts runs without an observer. Their page is written too. */
public final class BenchmarkRun {
  private BenchmarkRun() {}

  static RunSummary run(
      Session session, String manifest, String output, String runId, RunConfig config) {
    RunOptions options = new RunOptions(manifest, output, runId, LocalDate.of(2026, 1, 1), config);
    RunSummary summary = new StyleTransferJob(session, options, RunObserver.NONE).run();
    if (summary.rows().failed() > 0) {
      throw new IllegalStateException("rows failed: " + summary.failures());
    }
    return summary;
  }

  /** The seconds for which a row of {@code metrics} held its device. */
  static Column heldSeconds() {
    UDF1<Row, Double> held =
        row -> MetricsTable.heldSeconds(row).stream().boxed().findFirst().orElse(null);
    return udf(held, DataTypes.DoubleType)
        .apply(struct(Columns.named("started_at", "finished_at", "encode_ms", "write_ms")));
  }

  /** The defaults with some settings of the benchmark. */
  public static RunConfig config(Map<Setting, String> own) {
    EnumMap<Setting, Object> settings = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String text = own.getOrDefault(setting, setting.defaultText());
      settings.put(setting, setting.domain().parse(text));
    }
    return new RunConfig(settings, Preset.BALANCED, Map.of(), Map.of());
  }
}
