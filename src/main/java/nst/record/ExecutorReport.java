package nst.record;

import java.io.Serializable;
import java.util.List;

/** What an executor tells the driver about its engine as it starts. */
public sealed interface ExecutorReport extends Serializable {

  String executorId();

  String host();

  /**
   * The engine is loaded; the executor takes tasks.
   *
   * @param pid of its process, on its host
   * @param device {@code cpu} or {@code gpu:0}
   * @param addresses the GPUs that Spark gave the executor
   * @param loadSeconds how long device and network took
   */
  record Ready(
      String executorId,
      String host,
      long pid,
      String device,
      List<String> addresses,
      double loadSeconds)
      implements ExecutorReport {
    public Ready {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * The engine cannot be loaded; the executor ends without having taken a task.
   *
   * @param words what was asked for, and what is there
   */
  record Unfit(String executorId, String host, String words) implements ExecutorReport {}
}
