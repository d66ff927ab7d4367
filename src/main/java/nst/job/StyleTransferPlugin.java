package nst.job;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what tasks tell to the driver, and loads the engine where an executor starts. */
public final class StyleTransferPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(StyleTransferPlugin.class);
  private static final AtomicReference<Consumer<Object>> LISTENER =
      new AtomicReference<>(message -> {});
  private static final AtomicReference<Optional<PluginContext>> EXECUTOR =
      new AtomicReference<>(Optional.empty());

  /** Takes what tasks tell, in the driver, until another listener does. */
  static void listen(Consumer<Object> listener) {
    LISTENER.set(listener);
  }

  /** Tells the driver; never fails a task. */
  static void tell(Object message) {
    EXECUTOR
        .get()
        .ifPresent(
            context -> {
              try {
                context.send(message);
              } catch (IOException e) {
                LOG.warn("Could not tell the driver {}", message, e); // the journal has it too
              }
            });
  }

  /** This machine's name, as tables show it. */
  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown"; // a container without a name; the executor id still tells executors apart
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext context, PluginContext plugin) {
        return Map.of();
      }

      @Override
      public void registerMetrics(String appId, PluginContext plugin) {
        RunGauges.register(plugin.metricRegistry());
      }

      @Override
      public Object receive(Object message) {
        LISTENER.get().accept(message);
        return "";
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext plugin, Map<String, String> extra) {
        EXECUTOR.set(Optional.of(plugin));
      }

      @Override
      public void shutdown() {
        EXECUTOR.set(Optional.empty());
      }
    };
  }
}
