package nst.engine.torch;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Locale;
import nst.model.ErrorCode;
import nst.model.TransferException;

/** Maps error messages of libtorch to error codes. DJL passes on only the messages. */
public final class EngineFault {
  private static final List<String> MEMORY =
      List.of("out of memory", "can't allocate memory", "_status_alloc_failed");

  /** The beginnings of messages from CUDA and its libraries about a failed kernel or device. */
  private static final List<String> DEVICE =
      List.of(
          "cuda error",
          "cuda driver error",
          "cublas_status_execution_failed",
          "cudnn_status_execution_failed");

  /**
   * CUDA errors that reject one call and leave the context usable. After any other error, such as
   * an illegal memory access or an Xid of the driver, every later call of the process fails too.
   */
  private static final List<String> ONE_CALL =
      List.of(
          "invalid argument",
          "invalid configuration argument",
          "invalid device function",
          "invalid device ordinal",
          "invalid resource handle",
          "no kernel image is available",
          "too many resources requested for launch");

  private EngineFault() {}

  /** Returns OUT_OF_MEMORY, DEVICE_LOST or, for other faults, INTERNAL. */
  public static TransferException of(EngineException e) {
    String message = String.valueOf(e.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (containsOneOf(lower, MEMORY)) {
      return new TransferException(
          ErrorCode.OUT_OF_MEMORY, "The device had no memory left for this image", e);
    }
    boolean lost = containsOneOf(lower, DEVICE) && !containsOneOf(lower, ONE_CALL);
    return lost
        ? new TransferException(
            ErrorCode.DEVICE_LOST, "The device broke down: " + lineThatSays(message, DEVICE), e)
        : new TransferException(ErrorCode.INTERNAL, "libtorch failed: " + message, e);
  }

  private static boolean containsOneOf(String text, List<String> parts) {
    return parts.stream().anyMatch(text::contains);
  }

  /** Removes TorchScript's stack trace, which precedes the actual message. */
  private static String lineThatSays(String message, List<String> parts) {
    return message
        .lines()
        .filter(line -> containsOneOf(line.toLowerCase(Locale.ROOT), parts))
        .findFirst()
        .orElse(message)
        .strip();
  }
}
