package nst.job.cost;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nst.engine.sizing.Sizing;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.engine.torch.DeviceName;
import nst.image.Size;
import nst.job.cost.Workload.Losses;
import nst.job.executor.MemoryLimit;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.Effect;
import nst.model.knob.NetworkChoices.Precision;

/**
 * Predicts the time and memory of rows. It caches results, because many rows of a catalogue are of
 * the same kind. Not thread-safe.
 */
public final class RowCosts implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int KINDS_KEPT = 10_000;

  /** Most rows of a catalogue have the same values of these knobs. */
  private static final List<Knob> KNOBS = Knob.affecting(Effect.TIME, Effect.MEMORY);

  private final CostModel model;
  private final MemoryLimit memory;
  private final Kinds known = new Kinds();

  /** The cost of one kind of row. */
  public record Cost(Workload work, CostModel.Estimate estimate, Size size, long memoryBytes)
      implements Serializable {}

  private static final class Kinds extends LinkedHashMap<List<Object>, Cost> {
    private static final long serialVersionUID = 1L;

    Kinds() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<List<Object>, Cost> eldest) {
      return size() > KINDS_KEPT;
    }
  }

  public RowCosts(CostModel model, MemoryLimit memory) {
    this.model = model;
    this.memory = memory;
  }

  /**
   * The cost of a row.
   *
   * @throws TransferException IMAGE_TOO_LARGE if the image would not fit into the memory;
   *     INVALID_PARAMETER if the device does not support the precision
   */
  public Cost of(TransferRequest request) {
    return of(request, Losses.MEASURED);
  }

  /** The same for a row whose losses may not be measured. */
  public Cost of(TransferRequest request, Losses losses) {
    Hyperparameters h = request.hyperparameters();
    Map<?, Object> values = h.values();
    List<Object> kind =
        Stream.concat(KNOBS.stream().<Object>map(values::get), Stream.of(losses)).toList();
    Cost cost = known.get(kind);
    if (cost == null) {
      cost = cost(request.id(), h, losses);
      known.put(kind, cost);
    }
    memory.require(request, cost.size(), cost.memoryBytes());
    return cost;
  }

  /**
   * The predicted device seconds of training a style network of the usual size.
   *
   * @param row a row with the objective of the training
   * @throws TransferException as {@link #of(TransferRequest)} does
   */
  public double trainingSeconds(TransferRequest row, TrainingSchedule schedule) {
    Hyperparameters h = row.hyperparameters();
    return model.estimate(Workload.ofTraining(h, schedule), precision(row.id(), h)).seconds();
  }

  private Cost cost(String id, Hyperparameters h, Losses losses) {
    Workload work = Workload.of(h, losses);
    Precision precision = precision(id, h);
    Size size = Sizing.working(Sizing.UNKNOWN_CONTENT, h);
    return new Cost(work, model.estimate(work, precision), size, memory.needed(size, precision, h));
  }

  private Precision precision(String id, Hyperparameters h) {
    DeviceName device =
        switch (model.device()) {
          case CPU -> DeviceName.CPU;
          case GPU -> new DeviceName(DeviceName.Kind.GPU, 0);
        };
    try {
      return Sizing.precision(h, device);
    } catch (TransferException e) {
      String message = e.getMessage();
      int colon = Math.max(0, message.indexOf(": "));
      throw new TransferException(
          e.code(), message.substring(0, colon) + " in row id=" + id + message.substring(colon), e);
    }
  }
}
