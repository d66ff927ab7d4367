package nst.engine;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The time of each operation, as measured by libtorch's profiler.
 *
 * @param wallMillis the elapsed time of the work, measured in Java
 * @param byPart milliseconds; the rest of the elapsed time is Java, JNI and the interpreter
 * @param byOperation milliseconds of each outermost operation, longest first
 */
record OperationTimes(
    double wallMillis, Map<Part, Double> byPart, Map<String, Double> byOperation) {

  /** The purpose of operations. */
  enum Part {
    CONVOLUTION_FORWARD("convolutions with ReLU, forward"),
    CONVOLUTION_BACKWARD("convolutions, to their inputs"),
    GRAM("Gram matrices and their gradients"),
    RELU("ReLU, back"),
    POOLING("pooling, forward and back"),
    BORDER("replicated borders"),
    OTHER("pixels, content, tv, sums");

    final String label;

    Part(String label) {
      this.label = label;
    }

    static Part of(String operation) {
      String name = operation.substring(operation.lastIndexOf(':') + 1);
      return switch (name) {
        case "_convolution_pointwise" -> CONVOLUTION_FORWARD;
        // The gradient of the first filters is a separate kind of convolution.
        case "convolution_backward", "conv2d" -> CONVOLUTION_BACKWARD;
        case "mm", "matmul", "addmm", "addmm_", "_linear_pointwise" -> GRAM;
        case "threshold_backward" -> RELU;
        case "avg_pool2d", "upsample_nearest2d", "max_pool2d" -> POOLING;
        case "pad", "replication_pad2d" -> BORDER;
        default -> OTHER;
      };
    }
  }

  /** An operation that ran from {@code start} to {@code end}, in microseconds. */
  private record Event(String name, double start, double end) {}

  /** Runs the work once under the profiler. */
  static OperationTimes of(Runnable work) {
    try {
      Path file = Files.createTempFile("nst-profile", ".json");
      try {
        JniUtils.startProfile(false, false, false);
        double wall = Stopwatch.once(Clock.WALL, work);
        JniUtils.stopProfile(file.toString());
        return of(wall, new ObjectMapper().readTree(file.toFile()));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OperationTimes of(double wall, JsonNode trace) {
    List<Event> events = new ArrayList<>();
    for (JsonNode event : trace.isArray() ? trace : trace.path("traceEvents")) {
      if (event.path("ph").asText().equals("X") && event.path("name").asText().contains("::")) {
        double start = event.path("ts").asDouble();
        events.add(
            new Event(event.path("name").asText(), start, start + event.path("dur").asDouble()));
      }
    }
    events.sort(
        Comparator.comparingDouble(Event::start)
            .thenComparing(Comparator.comparingDouble(Event::end).reversed()));
    Map<Part, Double> byPart = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      byPart.put(part, 0.0);
    }
    Map<String, Double> byOperation = new LinkedHashMap<>();
    Deque<Event> open = new ArrayDeque<>();
    for (Event event : events) {
      while (!open.isEmpty() && open.peek().end() <= event.start()) {
        open.pop();
      }
      if (open.isEmpty()) { // outermost
        double millis = (event.end() - event.start()) / 1e3;
        byPart.merge(Part.of(event.name()), millis, Double::sum);
        byOperation.merge(event.name(), millis, Double::sum);
      }
      open.push(event);
    }
    return new OperationTimes(wall, byPart, byOperation);
  }

  /**
   * The time outside operations: Java, JNI, the TorchScript interpreter, autograd between nodes.
   */
  double restMillis() {
    return wallMillis - byPart.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
