package nst.job.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import nst.storage.UserUri;

/**
 * The costs measured in earlier runs: one record for each run, in {@code costs/} of the output or
 * in the folder {@code costs.path}.
 *
 * @param folder absolute URI of the folder
 * @param records the records, newest first
 */
public record CostTable(String folder, List<CostRecord> records) {
  /**
   * The number of recent runs to read. Older costs may not apply to current devices and versions.
   */
  private static final int RUNS_READ = 20;

  /** The number of rows of a kind after which older runs are not needed. */
  private static final long ROWS_ENOUGH = 50;

  private static final long MAX_RECORD_BYTES = 16L << 20;

  public CostTable {
    records = List.copyOf(records);
  }

  public static String folder(RunConfig config, OutputLayout layout) {
    String configured = config.text(Setting.COSTS_PATH);
    return configured.isEmpty()
        ? OutputLayout.costs(layout.output())
        : UserUri.absolute(Setting.COSTS_PATH.key(), configured);
  }

  /**
   * The URI of a run's record. The names sort by date, and within a day by run id, which by default
   * begins with the time.
   */
  public static String uri(String folder, OutputLayout layout) {
    return folder + "/" + layout.runDate() + "_" + layout.runId() + ".json";
  }

  public static CostTable read(ObjectStore store, String folder) {
    List<String> uris = new ArrayList<>();
    store.list(folder).forEachRemaining(uris::add);
    return new CostTable(
        folder,
        uris.stream()
            .filter(uri -> uri.endsWith(".json"))
            .sorted(Comparator.comparing(Uris::fileName).reversed())
            .limit(RUNS_READ)
            .map(uri -> CostRecord.read(store.read(uri, MAX_RECORD_BYTES)))
            .toList());
  }

  public CostModel model(Setting.Device device) {
    Map<List<Object>, MeasuredCost> kinds = new LinkedHashMap<>();
    for (CostRecord record : records) {
      for (MeasuredCost m : record.measured()) {
        MeasuredCost known = kinds.get(m.kind());
        if (known == null || known.rows() < ROWS_ENOUGH) {
          kinds.merge(m.kind(), m, MeasuredCost::plus);
        }
      }
    }
    return new CostModel(device, CostModel.Vectors.here(), List.copyOf(kinds.values()));
  }

  /** The median time of recent runs outside the computation; 0 if there are none. */
  public double driverSeconds() {
    List<Double> seconds = records.stream().map(CostRecord::driverSeconds).sorted().toList();
    return seconds.isEmpty() ? 0 : seconds.get(seconds.size() / 2);
  }
}
