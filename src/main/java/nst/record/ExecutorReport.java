package nst.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.Serializable;
import java.util.List;

/** The report of an executor to the driver about its engine at start-up. */
public sealed interface ExecutorReport extends Serializable {

  String executorId();

  String host();

  /**
   * The engine is loaded and the executor accepts tasks.
   *
   * @param pid the id of its process on its host
   * @param device {@code cpu} or {@code gpu:0}
   * @param addresses the GPU addresses that Spark assigned to the executor
   * @param loadSeconds the time to open the device and load the network
   */
  @JsonPropertyOrder({"id", "host", "pid", "device", "gpu_addresses"})
  record Ready(
      @JsonProperty("id") String executorId,
      String host,
      long pid,
      String device,
      @JsonProperty("gpu_addresses") List<String> addresses,
      @JsonSerialize(converter = Json.Thousandths.class) double loadSeconds)
      implements ExecutorReport {
    public Ready {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * The engine cannot be loaded; the executor ends without running a task.
   *
   * @param words what was requested and what was found
   */
  record Unfit(String executorId, String host, String words) implements ExecutorReport {}
}
