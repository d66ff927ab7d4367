package nst.job.executor;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import nst.model.ErrorCode;

/**
 * Exposes {@link Progress} as gauges in the driver's Spark metrics, for monitoring. They are 0
 * until rows are being computed.
 */
public final class RunGauges {
  private static final AtomicReference<Optional<Progress>> SHOWN =
      new AtomicReference<>(Optional.empty());

  private RunGauges() {}

  /** Registers the gauges. Spark calls this once at application start, before the run is known. */
  static void register(MetricRegistry registry) {
    gauge(registry, "rows", Progress.Snapshot::rows);
    gauge(registry, "rows_done", Progress.Snapshot::done);
    gauge(registry, "rows_failed", Progress.Snapshot::failed);
    gauge(registry, "images_per_hour", Progress.Snapshot::imagesPerHour);
    gauge(registry, "seconds_left", Progress.Snapshot::secondsLeft);
    gauge(registry, "device_seconds", Progress.Snapshot::deviceSeconds);
    gauge(registry, "executors", Progress.Snapshot::executors);
    gauge(registry, "executor_memory_bytes", Progress.Snapshot::memoryBytes);
    gauge(registry, "storage_retries", now -> now.storageRetries().retries());
    gauge(registry, "storage_throttled", now -> now.storageRetries().throttled());
    for (ErrorCode code : ErrorCode.values()) {
      gauge(
          registry,
          "failed_" + code.name().toLowerCase(Locale.ROOT),
          now -> now.failures().getOrDefault(code.name(), 0L));
    }
  }

  /** Makes the gauges show this run. */
  public static void show(Progress progress) {
    SHOWN.set(Optional.of(progress));
  }

  private static void gauge(
      MetricRegistry registry, String name, ToDoubleFunction<Progress.Snapshot> value) {
    Gauge<Double> gauge =
        () -> SHOWN.get().map(run -> value.applyAsDouble(run.snapshot())).orElse(0.0);
    registry.register(name, gauge);
  }
}
