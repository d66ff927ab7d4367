package nst.engine.torch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a device: {@code cpu} or {@code gpu:N} (N from 0; {@code gpu} means {@code gpu:0}).
 *
 * @param kind the kind of device
 * @param index the number of the device among those of its kind; 0 on the CPU
 */
public record DeviceName(Kind kind, int index) {

  public enum Kind {
    CPU,
    GPU
  }

  private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");

  public static final DeviceName CPU = new DeviceName(Kind.CPU, 0);

  /**
   * Parses a name.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  public static DeviceName parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    if (name.equals("cpu")) {
      return CPU;
    }
    Matcher gpu = GPU.matcher(name);
    if (!gpu.matches()) {
      throw new IllegalArgumentException("expected cpu, gpu or gpu:N, was " + text);
    }
    return new DeviceName(Kind.GPU, gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1)));
  }

  @Override
  public String toString() {
    return kind == Kind.CPU ? "cpu" : "gpu:" + index;
  }
}
