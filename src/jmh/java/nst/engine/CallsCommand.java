package nst.engine;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import nst.engine.NativeCalls.Measured;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Counts the native calls of an evaluation, and measures the time between them. */
@Command(
    name = "calls",
    description =
        "Prints how often one evaluation of the default preset calls libtorch through JNI, and how much of its time is spent in"
            + " Java.",
    mixinStandardHelpOptions = true)
public final class CallsCommand implements Callable<Integer> {
  @Option(
      names = "--size",
      defaultValue = "256",
      description = "Side of the square image in pixels. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--precisions",
      split = ",",
      defaultValue = "float32,bfloat16",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> precisions = List.of();

  @Option(
      names = "--repeats",
      defaultValue = "20",
      description =
          "Evaluations; the one with the least time in Java is printed, because other work on the machine only adds time."
              + " Default: ${DEFAULT-VALUE}.")
  private int repeats;

  @Override
  public Integer call() throws ReflectiveOperationException, IOException {
    NativeCalls.install();
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU)) {
      for (String precision : precisions) {
        try (Workbench bench = new Workbench(device, size, precision)) {
          measure(bench);
        }
      }
    }
    return 0;
  }

  private void measure(Workbench bench) {
    bench.evaluate(); // the first one prepares something
    Measured least =
        Stream.generate(() -> NativeCalls.during(bench::evaluate))
            .limit(repeats)
            .min(Comparator.comparingDouble(Measured::javaMillis))
            .orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "%d px, %s: %d native calls in an evaluation; %.2f of %.1f ms in Java%n",
        size,
        bench.precision(),
        least.calls(),
        least.javaMillis(),
        least.wallNanos() / 1e6);
    least.counts().entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(entry -> System.out.println("  " + entry.getKey() + " " + entry.getValue()));
  }
}
