package nst.job.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import nst.model.Setting.Device;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostTableTest {
  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));

  @TempDir Path output;

  @Test
  void whatARunLeavesTheNextPlanFinds() {
    CostRecord record = record("2026-01-02", "a", measured(10, 20));
    write(record);
    assertThat(read().records()).containsExactly(record);
    assertThat(read().driverSeconds()).isEqualTo(3);
    assertThat(read().model(Device.CPU).measuredRows()).isEqualTo(10);
    assertThat(read().model(Device.GPU).measuredRows()).isZero();
  }

  @Test
  void anOutputWithoutRunsHasNoMeasurements() {
    assertThat(read().records()).isEmpty();
    assertThat(read().driverSeconds()).isZero();
  }

  @Test
  void olderRunsCountOnlyIfNewerOnesHaveFewRows() {
    write(record("2026-01-01", "a", measured(1000, 9000)));
    write(record("2026-01-02", "a", measured(40, 80)));
    write(record("2026-01-03", "a", measured(20, 20)));
    assertThat(read().model(Device.CPU).measured()).containsExactly(measured(60, 100));
  }

  @Test
  void whatIsNoRecordOfCostsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CostRecord.read("{}".getBytes(StandardCharsets.UTF_8)))
        .withMessageContaining("expected the costs of a run: ");
  }

  private CostTable read() {
    return CostTable.read(store, folder());
  }

  private void write(CostRecord record) {
    OutputLayout layout = new OutputLayout("file:" + output, record.runDate(), record.runId());
    store.write(CostTable.uri(folder(), layout), record.json());
  }

  private String folder() {
    return OutputLayout.costs("file:" + output);
  }

  private static CostRecord record(String runDate, String runId, MeasuredCost measured) {
    return new CostRecord(runId, runDate, 3, List.of(measured));
  }

  private static MeasuredCost measured(long rows, double seconds) {
    return new MeasuredCost(
        "vgg19", "adam", 256, "cpu", "float32", rows, rows, rows, seconds, rows);
  }
}
