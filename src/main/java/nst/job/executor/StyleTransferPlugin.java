package nst.job.executor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import nst.job.network.ExecutionMode;
import nst.record.ExecutorReport;
import nst.storage.HadoopObjectStore;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the engine when an executor starts, and passes messages from executors to the driver. */
public final class StyleTransferPlugin implements SparkPlugin {
  /**
   * The exit code of an executor that ends itself, as shown in Spark's log: EX_TEMPFAIL of the C
   * library.
   */
  public static final int EXIT_CODE = 75;

  private static final Logger LOG = LoggerFactory.getLogger(StyleTransferPlugin.class);

  /**
   * An executor's request for the driver's Hadoop configuration. The answer is a
   * SerializableConfiguration.
   */
  private static final String HADOOP_CONFIGURATION = "nst: Hadoop configuration";

  private static final AtomicReference<Consumer<Object>> LISTENER =
      new AtomicReference<>(message -> {});
  private static final AtomicReference<Optional<ExecutorRegistry>> REGISTRY =
      new AtomicReference<>(Optional.empty());
  private static final AtomicReference<Optional<PluginContext>> EXECUTOR =
      new AtomicReference<>(Optional.empty());

  /** Sets the driver's listener for messages from tasks; it replaces the one before. */
  public static void listen(Consumer<Object> listener) {
    LISTENER.set(listener);
  }

  /** Sets the registry for the next application. */
  static void use(ExecutorRegistry registry) {
    REGISTRY.set(Optional.of(registry));
  }

  /** Sends a message to the driver. A failure to send does not fail the task. */
  public static void tell(Object message) {
    EXECUTOR
        .get()
        .ifPresent(
            context -> {
              try {
                context.send(message);
              } catch (IOException e) {
                LOG.warn("Cannot send to the driver: {}", message, e); // the journal also has it
              }
            });
  }

  /** The host name of this machine, as shown in tables. */
  public static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown"; // a container without a name; the executor id still tells executors apart
    }
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Driver implements DriverPlugin {
    private Optional<SparkContext> context = Optional.empty();

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      this.context = Optional.of(context);
      REGISTRY
          .get()
          .ifPresent(
              registry -> {
                context.addSparkListener(new Losses(registry));
                // On a local master, Spark's constructor throws the failure itself.
                registry.watch(
                    ExecutionMode.of(context.master()) == ExecutionMode.LOCAL
                        ? () -> {}
                        : context::stop);
              });
      return Map.of();
    }

    @Override
    public void registerMetrics(String appId, PluginContext plugin) {
      RunGauges.register(plugin.metricRegistry());
    }

    @Override
    public Object receive(Object message) {
      if (message.equals(HADOOP_CONFIGURATION)) {
        return new SerializableConfiguration(context.orElseThrow().hadoopConfiguration());
      }
      if (message instanceof ExecutorReport.Ready ready) {
        REGISTRY.get().ifPresent(registry -> registry.add(ready));
      } else if (message instanceof ExecutorReport.Unfit unfit) {
        REGISTRY.get().ifPresent(registry -> registry.add(unfit));
      } else {
        if (!(message instanceof Progress.Intermediate)) {
          REGISTRY.get().ifPresent(ExecutorRegistry::rowDone);
        }
        LISTENER.get().accept(message);
      }
      return "";
    }

    @Override
    public void shutdown() {
      REGISTRY.getAndSet(Optional.empty()).ifPresent(ExecutorRegistry::close);
    }
  }

  /** Notifies the registry when Spark removes one. */
  private static final class Losses extends SparkListener {
    private final ExecutorRegistry registry;

    Losses(ExecutorRegistry registry) {
      this.registry = registry;
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      registry.lost(removed.executorId());
    }
  }

  private static final class Executor implements ExecutorPlugin {

    @Override
    public void init(PluginContext plugin, Map<String, String> extra) {
      EXECUTOR.set(Optional.of(plugin));
      EngineConfig.read(plugin.conf()).ifPresent(config -> load(config, plugin));
    }

    /**
     * Loads the engine before Spark assigns tasks to this executor. An exception ends the
     * executor's process, so the driver is notified first.
     */
    private static void load(EngineConfig config, PluginContext plugin) {
      long start = System.nanoTime();
      ExecutionMode mode = ExecutionMode.of(plugin.conf().get("spark.master"));
      try {
        ExecutorEngine engine =
            ExecutorEngine.load(
                config,
                WarmUp.read(plugin.conf()),
                ExecutorEngine.addresses(plugin.resources()),
                mode,
                new HadoopObjectStore(
                    ((SerializableConfiguration) plugin.ask(HADOOP_CONFIGURATION)).value()),
                words -> deviceLost(words, config, mode, plugin));
        ExecutorReport.Ready ready =
            new ExecutorReport.Ready(
                plugin.executorID(),
                host(),
                ProcessHandle.current().pid(),
                engine.deviceName(),
                engine.addresses(),
                (System.nanoTime() - start) / 1e9);
        LOG.info("Loaded the engine: {}", ready);
        plugin.ask(ready);
      } catch (Exception | LinkageError e) {
        throw new IllegalStateException(tellUnfit(e.getMessage(), config, plugin), e);
      }
    }

    /**
     * Ends this process: after such a failure every later call to the device fails. On a local
     * master, where the driver is the same process, the tasks fail.
     */
    private static void deviceLost(
        String fault, EngineConfig config, ExecutionMode mode, PluginContext plugin) {
      tellUnfit(fault, config, plugin);
      if (mode == ExecutionMode.CLUSTER) {
        Runtime.getRuntime().halt(EXIT_CODE); // exit() would wait for the thread of this method
      }
    }

    private static String tellUnfit(String fault, EngineConfig config, PluginContext plugin) {
      String words = "requested " + config.asked() + ". " + fault;
      ExecutorReport.Unfit unfit = new ExecutorReport.Unfit(plugin.executorID(), host(), words);
      try {
        plugin.ask(unfit);
      } catch (Exception e) {
        LOG.error("Cannot send to the driver: {}", unfit, e); // the driver's wait then times out
      }
      return words;
    }

    @Override
    public void shutdown() {
      EXECUTOR.set(Optional.empty());
      try {
        ExecutorEngine
            .settle(); // the process may crash if it exits while a libtorch thread is running
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
